import MooringModel

extension ScalableBand {
    /// What there is to say of a count that the autoscaler looks after: nothing while it lies inside of the band.
    func remark(on count: Int) -> Remark.Kind? {
        count < minimum || count > maximum
            ? .countOutsideBand(count: count, minimum: minimum, maximum: maximum) : nil
    }
}
