public import AlertReduction

extension Configuration {
    /// The settings in effect. Falco limited all rules of a source together; here no rule can silence another.
    public var reduction: ReductionSettings {
        var limit = rateLimit
        if limit.alertsPerRule == 0, falcoRateLimit.rate > 0 {
            limit.alertsPerRule = falcoRateLimit.rate * limit.intervalSeconds
            limit.burst = falcoRateLimit.maximumBurst
        }
        return ReductionSettings(repeats: repeats, rateLimit: limit)
    }
}
