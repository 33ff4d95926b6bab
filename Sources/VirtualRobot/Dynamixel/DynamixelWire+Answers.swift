internal import Actuators

// From what servos say to the bytes they send.
extension DynamixelWire {
    /// One servo's part of a read.
    struct Turn {
        let slave: Int
        let region: Dynamixel.Region
    }

    /// A place in a read for several, with whoever has its number: usually one, nobody when it is missing.
    struct Place {
        var slaves: [Turn]
        let number: Int
    }

    func read(_ turn: Turn) -> WireAnswer? {
        guard let data = slaves[turn.slave].table.read(turn.region) else {
            return word(Word(failure: .access), of: turn.slave, .reads)
        }
        return word(Word(data: data), of: turn.slave, .reads)
    }

    /// nil when the servo is told not to answer such things.
    func word(_ word: Word, of slave: Int, _ level: Level, as speaker: Dynamixel.ServoID? = nil) -> WireAnswer? {
        let own = slaves[slave]
        guard own[.statusReturnLevel] >= level.rawValue else { return nil }
        var writer = Dynamixel.Writer()
        let error = Dynamixel.StatusError(hasAlert: own.hasAlert, failure: word.failure)
        let id = speaker ?? own.answeringID
        do throws(EncodingError) { try writer.status(from: id, error, word.data.span) } catch { return nil }
        return WireAnswer(slave: slave, delayNanoseconds: own.returnDelay, bytes: writer.bytes.array)
    }

    /// Servos with the same number answer at the same time: a zero of one of them wins over the ones of the others.
    func together(_ answers: [WireAnswer?]) -> [WireAnswer] {
        let answers = answers.compactMap(\.self)
        guard let first = answers.first, answers.count > 1 else { return answers }
        var bytes = [UInt8](repeating: 0xFF, count: answers.map(\.bytes.count).max() ?? 0)
        for answer in answers { for place in answer.bytes.indices { bytes[place] &= answer.bytes[place] } }
        let delay = answers.map(\.delayNanoseconds).min() ?? 0
        return [WireAnswer(slave: first.slave, delayNanoseconds: delay, bytes: bytes)]
    }

    /// The places of a read in its order, those of servos that are there.
    func chain(_ request: Dynamixel.Request, _ parameters: [UInt8], _ hearers: [Int]) -> [Place] {
        var places: [Place] = []
        for slave in hearers {
            guard let id = UInt8(exactly: slaves[slave][.id]).flatMap(Dynamixel.ServoID.init),
                let share = request.share(of: id, in: parameters.span)
            else { continue }
            let turn = Turn(slave: slave, region: share.region)
            if let known = places.firstIndex(where: { $0.number == share.place }) {
                places[known].slaves.append(turn)
            } else {
                places.append(Place(slaves: [turn], number: share.place))
            }
        }
        return places.sorted { $0.number < $1.number }
    }

    /// The one answer that all share. Each servo waits for the one before it, so behind a missing one all are silent.
    func shareAnswer(_ chain: [Place], _ request: Dynamixel.Request, _ parameters: [UInt8]) -> [WireAnswer] {
        let size = Self.size(of: request, parameters)
        // Longer than any servo can keep: nobody begins.
        guard size.dataBytes + size.servos * 4 + 8 <= WireBuffer.capacity else { return [] }
        var writer = Dynamixel.Writer()
        var answers: [WireAnswer] = []
        do throws(EncodingError) {
            try writer.beginFastReply(servos: size.servos, dataBytes: size.dataBytes)
            var sent = 0
            for (number, place) in chain.enumerated() {
                guard place.number == number, let turn = place.slaves.first, sharesAnswers(turn.slave) else { break }
                try add(turn, to: &writer)
                let bytes = Array(writer.bytes.array[sent...])
                sent = writer.bytes.count
                let delay = number == 0 ? slaves[turn.slave].returnDelay : 0
                answers.append(WireAnswer(slave: turn.slave, delayNanoseconds: delay, bytes: bytes))
            }
        } catch {
            return []
        }
        return answers
    }

    private func sharesAnswers(_ slave: Int) -> Bool {
        let own = slaves[slave]
        return own.model.answersFastReads(with: own.servo.firmware) && own[.statusReturnLevel] >= Level.reads.rawValue
    }

    private func add(_ turn: Turn, to writer: inout Dynamixel.Writer) throws(EncodingError) {
        let own = slaves[turn.slave]
        let data = own.table.read(turn.region)
        let error = Dynamixel.StatusError(hasAlert: own.hasAlert, failure: data == nil ? .access : nil)
        let sent = data ?? Array(repeating: 0, count: Int(turn.region.count))
        try writer.addFastReply(from: own.answeringID, error, sent.span)
    }

    /// Of the whole answer, missing servos included: the first one writes it down before anybody knows who is there.
    private static func size(of request: Dynamixel.Request, _ parameters: [UInt8]) -> (servos: Int, dataBytes: Int) {
        if case .syncRead(let region, _) = request {
            let servos = parameters.count - 4
            return (servos, servos * Int(region.count))
        }
        let counts = stride(from: 3, to: parameters.count - 1, by: 5).map {
            Int(parameters[$0]) | Int(parameters[$0 + 1]) << 8
        }
        return (counts.count, counts.reduce(0, +))
    }
}

extension Span where Element == UInt8 {
    var array: [UInt8] { indices.map { self[$0] } }
}

extension DynamixelSlave {
    /// What a ping answers.
    var identity: [UInt8] { [table.bytes[0], table.bytes[1], table.bytes[6]] }
}
