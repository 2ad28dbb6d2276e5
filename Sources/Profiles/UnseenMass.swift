import Glibc

/// How likely it is that a workload does something of one kind that its profile has not: estimated from what was seen, instead of
/// waiting for a fixed time.
///
/// Two bounds, each of which holds with half of the allowed risk, so that the smaller one may be believed:
/// - Good and Turing's estimate (I. J. Good, The population frequencies of species, Biometrika 40, 1953): what was seen once, of all
///   that was seen, and how far it can be off (D. McAllester, R. E. Schapire, On the convergence rate of Good-Turing estimators,
///   COLT 2000, theorem 3): N1/N + (2√2 + √3) √(ln(3/δ) / N). An observation is a behaviour in a window of time, because
///   what a program does a thousand times in a minute are no thousand independent observations.
/// - The windows since the last new behaviour: each tries out the profile as it was then. If a window brought something new with
///   probability p, k quiet ones in a row had the probability (1-p)^k, so p ≤ 1 - δ^(1/k) (exact binomial bound: C. J. Clopper,
///   E. S. Pearson, Biometrika 26, 1934; for δ = 5 % the "rule of three", 3/k).
public struct UnseenMass: Sendable, Equatable {
    /// Windows in which behaviours of the kind were looked at.
    public internal(set) var windows: UInt32
    /// Windows since the last new behaviour.
    public internal(set) var quietWindows: UInt32
    /// Observations: behaviours, in each window once.
    public internal(set) var observations: UInt64
    /// Behaviours that were seen in one window only.
    public internal(set) var singletons: UInt32

    /// From what was counted.
    public init(windows: UInt32 = 0, quietWindows: UInt32 = 0, observations: UInt64 = 0, singletons: UInt32 = 0) {
        self.windows = windows
        self.quietWindows = quietWindows
        self.observations = observations
        self.singletons = singletons
    }

    /// Good and Turing's estimate, from 0 to 1; 1 while nothing was observed.
    public var estimate: Double {
        guard observations > 0 else { return windows == 0 ? 1 : 1 / Double(windows) }
        return Double(singletons) / Double(observations)
    }

    /// What the chance of something new does not exceed, from 0 to 1.
    ///
    /// - Parameter risk: the probability that it does, nevertheless; above 0 and below 1.
    public func upperBound(risk: Double) -> Double {
        let half = risk / 2
        guard half > 0, half < 1 else { return 1 }
        var bound = 1.0
        if quietWindows > 0 { bound = 1 - pow(half, 1 / Double(quietWindows)) }
        if observations > 0 {
            let count = Double(observations)
            let deviation = (2 * 2.0.squareRoot() + 3.0.squareRoot()) * (log(3 / half) / count).squareRoot()
            bound = min(bound, Double(singletons) / count + deviation)
        }
        return min(max(bound, 0), 1)
    }
}
