extension RulesReport {
    public static func show(rule: String, configuration: Configuration, isJSON: Bool) -> Report { Report(lines: []) }
}
