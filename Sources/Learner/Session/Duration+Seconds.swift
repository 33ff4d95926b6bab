extension Duration {
    /// For people and plots.
    public var seconds: Double {
        let (whole, rest) = components
        return Double(whole) + Double(rest) * 1e-18
    }
}
