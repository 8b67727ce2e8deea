/// The few colours of a terminal that are used, or none at all.
package struct Palette: Sendable {
    private let isOn: Bool

    /// Escape sequences that terminals understand.
    package static let terminal = Palette(isOn: true)
    /// Text as it is.
    package static let plain = Palette(isOn: false)

    package enum Colour: Int, Sendable {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    package func paint(_ text: String, _ colour: Colour) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
