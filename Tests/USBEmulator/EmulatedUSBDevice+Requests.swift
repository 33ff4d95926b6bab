import Glibc
import Synchronization

/// The requests of usbfs, by their number in `linux/usbdevice_fs.h`.
private enum Request: UInt32 {
    case setInterface = 4, setConfiguration = 5, getDriver = 8, submit = 10, discard = 11, reap = 12, reapNow = 13
    case claim = 15, release = 16, callDriver = 18, reset = 20, clearHalt = 21, capabilities = 26, takeFromDriver = 27

    /// What is asked of the kernel through `callDriver`.
    static let connect: UInt32 = 23
}

extension EmulatedUSBDevice {
    /// Answers for one open file until the program closes it.
    func serve(_ descriptor: Int32, address: Int) {
        let connection = PreloadConnection(descriptor: descriptor)
        let client = state.withLock { state in
            state.nextClient += 1
            state.clients[state.nextClient] = Client(address: address)
            return state.nextClient
        }
        while let call = connection.next() {
            if case .ioctl(let number, let argument) = call {
                answer(Request(rawValue: number & 0xFF), argument, of: client, through: connection)
            } else {
                connection.letItRun()
            }
        }
        state.withLock { state in
            for (interface, owner) in state.claims where owner == client { state.claims[interface] = nil }
            state.clients[client] = nil
            state.pump()
        }
    }

    private func isHere(_ client: Int) -> Bool {
        state.withLock { state in state.plug != nil && state.clients[client]?.address == state.address }
    }

    private func answer(_ request: Request?, _ argument: UInt64, of client: Int, through connection: PreloadConnection)
    {
        switch request {
        case .reap, .reapNow: return reap(argument, of: client, through: connection)
        case _ where !isHere(client): return connection.fail(ENODEV)
        // Packets of length zero, no limit of size, and transfers can be had back after a disconnection.
        case .capabilities: connection.write(UInt32(0x01 | 0x04 | 0x10), at: argument)
        case .submit: return submit(Transfer(at: argument, of: connection), of: client, through: connection)
        case .discard:
            let isFound = state.withLock { state in
                let isFound = state.clients[client]?.cancel(argument) ?? false
                state.pump()
                return isFound
            }
            return isFound ? connection.answer() : connection.fail(EINVAL)
        case .claim, .takeFromDriver, .release, .getDriver, .callDriver:
            return answerOwner(request, argument, of: client, through: connection)
        case .clearHalt:
            let endpoint = UInt8(truncatingIfNeeded: PreloadConnection.half(connection.read(4, at: argument), at: 0))
            state.withLock { state in
                if case .stalls = state.flows[endpoint] { state.flows[endpoint] = .takes }
            }
        case .setInterface, .setConfiguration, .reset: break
        case nil: return connection.fail(ENOTTY)
        }
        connection.answer()
    }

    /// Every one of these begins with the number of the interface.
    private func answerOwner(
        _ request: Request?, _ argument: UInt64, of client: Int, through connection: PreloadConnection
    ) {
        let words = connection.read(8, at: argument)
        let (interface, code) = (PreloadConnection.half(words, at: 0), PreloadConnection.half(words, at: 4))
        let driver = state.withLock { $0.drivers[interface] }
        let trouble: Int32 = state.withLock { state in
            switch request {
            case .getDriver: return driver == nil ? ENODATA : 0
            case .callDriver:
                guard code & 0xFF == Request.connect, Int(interface) < model.interfaces.count else { return ENOTTY }
                state.drivers[interface] = model.interfaces[Int(interface)].driver
                return 0
            case .release:
                guard state.claims[interface] == client else { return EINVAL }
                state.claims[interface] = nil
                return 0
            default:
                if request == .takeFromDriver { state.drivers[interface] = nil }
                guard Int(interface) < model.interfaces.count else { return ENOENT }
                let isFree = state.drivers[interface] == nil && (state.claims[interface] ?? client) == client
                if isFree { state.claims[interface] = client }
                return isFree ? 0 : EBUSY
            }
        }
        guard trouble == 0 else { return connection.fail(trouble) }
        if request == .getDriver, let driver { connection.write(Array(driver.utf8) + [0], at: argument + 4) }
        connection.answer()
    }

    private func submit(_ transfer: Transfer, of client: Int, through connection: PreloadConnection) {
        state.withLock { state in
            if transfer.isControl {
                let answered = control(transfer, &state)
                state.clients[client]?.done.append(answered)
            } else {
                state.clients[client]?.pending.append(transfer)
                deliver(&state)
            }
            state.pump()
        }
        connection.answer()
    }

    private func control(_ transfer: Transfer, _ state: inout State) -> Transfer {
        var transfer = transfer
        let request = ControlRequest(transfer.bytes)
        state.requests.append(request)
        if let answer = state.function.control(request) {
            let isInput = request.type & 0x80 != 0
            transfer.length = isInput ? min(answer.count, transfer.room - 8) : transfer.room - 8
            transfer.bytes = isInput ? Array(answer.prefix(transfer.length)) : []
        } else {
            transfer.status = -EPIPE
        }
        return transfer
    }

    /// Hands what waits at the endpoints that the device reads to its function.
    func deliver(_ state: inout State) {
        for client in state.clients.keys.sorted() {
            var waiting: [Transfer] = []
            for transfer in state.clients[client]?.pending ?? [] {
                let flow = state.flows[transfer.endpoint] ?? .takes
                guard !transfer.isInput, flow != .waits else {
                    waiting.append(transfer)
                    continue
                }
                let taken = take(transfer, flow, &state)
                state.clients[client]?.done.append(taken)
            }
            state.clients[client]?.pending = waiting
        }
    }

    private func take(_ transfer: Transfer, _ flow: Flow, _ state: inout State) -> Transfer {
        var transfer = transfer
        if flow == .stalls {
            transfer.status = -EPIPE
            return transfer
        }
        transfer.length = transfer.bytes.count
        state.heard[transfer.endpoint, default: []].append(transfer.bytes)
        for message in state.function.receive(transfer.bytes, on: transfer.endpoint) {
            state.say(message)
        }
        return transfer
    }

    private func reap(_ argument: UInt64, of client: Int, through connection: PreloadConnection) {
        let (transfer, isHere) = state.withLock { state -> (Transfer?, Bool) in
            let isHere = state.plug != nil && state.clients[client]?.address == state.address
            let transfer =
                state.clients[client]?.done.isEmpty == false ? state.clients[client]?.done.removeFirst() : nil
            state.pump()
            return (transfer, isHere)
        }
        guard let transfer else { return connection.fail(isHere ? EAGAIN : ENODEV) }
        transfer.hand(to: connection, at: argument)
        connection.answer()
    }
}

extension EmulatedUSBDevice.State {
    /// Gives what the device has to say to those who wait for it, and lets the file say whether a transfer has ended.
    mutating func pump() {
        for client in clients.keys.sorted() {
            var waiting: [Transfer] = []
            for var transfer in clients[client]?.pending ?? [] {
                if transfer.isInput, flows[transfer.endpoint] == .stalls {
                    transfer.status = -EPIPE
                    clients[client]?.done.append(transfer)
                } else if transfer.isInput, fill(&transfer) {
                    clients[client]?.done.append(transfer)
                } else {
                    waiting.append(transfer)
                }
            }
            clients[client]?.pending = waiting
        }
        setWritable()
    }

    /// Whether the transfer is over.
    private mutating func fill(_ transfer: inout Transfer) -> Bool {
        while outbox[transfer.endpoint]?.isEmpty == false, let packet = outbox[transfer.endpoint]?.removeFirst() {
            if transfer.fill(with: packet, of: packetSizes[transfer.endpoint] ?? 64) { return true }
        }
        return false
    }

    private func setWritable() {
        plug?.terminal.setWritable(clients.values.contains { $0.address == address && !$0.done.isEmpty })
    }
}
