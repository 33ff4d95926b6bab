internal import Actuators

/// The control table of one servo: bytes, and who owns each of them.
struct DynamixelTable: Sendable {
    /// What an address belongs to.
    enum Owner: Equatable, Sendable {
        case nobody
        case item(Dynamixel.Item, Dynamixel.Register)
        /// A byte that another register is shown in; the entry's number.
        case shown(Int)
        /// One of the two bytes that say which register is shown.
        case showing(Int)
    }

    /// Where an item lies.
    private struct Field {
        let address: Int
        let width: Int
        let isSigned: Bool
    }

    private(set) var bytes: [UInt8]
    /// By the number of the item: these are looked up dozens of times in every millisecond.
    private let fields: [Field?]
    private let owners: [Owner]
    /// Where each entry keeps which register it shows, and where it shows it.
    private let entries: [(showing: Int, shown: Int)]

    init(_ model: Dynamixel.Model, _ firmware: Dynamixel.Firmware) {
        let entries = Self.indirectEntries(of: model, firmware)
        let end = (entries.map(\.shown).max() ?? 0) + 1
        var owners = [Owner](repeating: .nobody, count: end)
        var fields = [Field?](repeating: nil, count: Dynamixel.Item.allCases.count)
        for item in Dynamixel.Item.allCases {
            guard item != .busWatchdog || model.hasBusWatchdog(with: firmware),
                let register = model.register(item)
            else { continue }
            let (address, width) = (Int(register.address), Int(register.width))
            fields[Int(item.rawValue)] = Field(address: address, width: width, isSigned: register.isSigned)
            for place in 0..<width { owners[address + place] = .item(item, register) }
        }
        self.fields = fields
        for (number, entry) in entries.enumerated() {
            owners[entry.showing] = .showing(number)
            owners[entry.showing + 1] = .showing(number)
            owners[entry.shown] = .shown(number)
        }
        self.entries = entries
        self.owners = owners
        bytes = Array(repeating: 0, count: end)
    }

    /// The larger tables have a second block further on.
    private static func indirectEntries(
        of model: Dynamixel.Model, _ firmware: Dynamixel.Firmware
    ) -> [(showing: Int, shown: Int)] {
        let first = model.indirectBlock(with: firmware)
        let second = model.isX330 ? [] : (0..<28).map { (showing: 578 + 2 * $0, shown: 634 + $0) }
        return (0..<Int(first.entries)).map { (showing: Int(first.addresses) + 2 * $0, shown: Int(first.data) + $0) }
            + second
    }

    var count: Int { bytes.count }

    func owner(of address: Int) -> Owner { owners.indices.contains(address) ? owners[address] : .nobody }

    func has(_ item: Dynamixel.Item) -> Bool { fields[Int(item.rawValue)] != nil }

    /// Zero for an item that the model does not have.
    func number(_ item: Dynamixel.Item) -> Int64 {
        guard let field = fields[Int(item.rawValue)] else { return 0 }
        var number: UInt32 = 0
        for place in 0..<field.width { number |= UInt32(bytes[field.address + place]) << UInt32(8 * place) }
        guard field.isSigned else { return Int64(number) }
        let unused = UInt32(32 - 8 * field.width)
        return Int64(Int32(bitPattern: number << unused) >> Int32(unused))
    }

    /// As far as the item holds it; nothing for one that the model does not have.
    mutating func set(_ item: Dynamixel.Item, to number: Int64) {
        guard let field = fields[Int(item.rawValue)] else { return }
        let most: Int64 = (1 << (8 * Int64(field.width) - (field.isSigned ? 1 : 0))) - 1
        let held = min(max(number, field.isSigned ? -most - 1 : 0), most)
        for place in 0..<field.width {
            bytes[field.address + place] = UInt8(truncatingIfNeeded: held >> Int64(8 * place))
        }
    }

    mutating func set(_ address: Int, to byte: UInt8) { bytes[address] = byte }

    /// Where a byte really stands: shown bytes stand elsewhere.
    func place(of address: Int) -> Int {
        guard case .shown(let entry) = owner(of: address) else { return address }
        let pointer = entries[entry].showing
        return Int(bytes[pointer]) | Int(bytes[pointer + 1]) << 8
    }

    /// nil beyond the end of the table. What belongs to nobody reads as zero.
    func read(_ region: Dynamixel.Region) -> [UInt8]? {
        let first = Int(region.address)
        guard region.count > 0, first + Int(region.count) <= count else { return nil }
        return (first..<first + Int(region.count)).map { bytes[place(of: $0)] }
    }

    /// Each entry shows its own first register, as the vendor's servos come.
    mutating func resetPointers() {
        for entry in entries {
            bytes[entry.showing] = UInt8(truncatingIfNeeded: entry.shown)
            bytes[entry.showing + 1] = UInt8(truncatingIfNeeded: entry.shown >> 8)
        }
    }
}
