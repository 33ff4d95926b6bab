// Frames, out and in.
extension LockstepLink {
    mutating func put(_ request: LockstepRequest) throws(PortError) {
        let nothing = InlineArray<0, UInt8>(repeating: 0)
        try put(request, nothing.span)
    }

    mutating func put(_ request: LockstepRequest, _ bytes: Span<UInt8>) throws(PortError) {
        if outgoingCount + LockstepRequest.size + bytes.count > outgoing.count { try flush() }
        var room = outgoing.mutableSpan
        request.put(into: &room, at: outgoingCount)
        outgoingCount += LockstepRequest.size
        for place in bytes.indices { outgoing[outgoingCount + place] = bytes[place] }
        outgoingCount += bytes.count
    }

    mutating func flush() throws(PortError) {
        let count = outgoingCount
        outgoingCount = 0
        do throws(PortError) {
            try link.write(outgoing.span.extracting(0..<count), by: .now() + patience)
        } catch { throw Self.hanging(error) }
    }

    /// The header of what comes back, with everything behind it in `incoming`. Nothing else is under way then.
    mutating func answer(to kind: LockstepRequest.Kind) throws(PortError) -> LockstepAnswer {
        if outgoingCount > 0 { try flush() }
        // Pieces that nobody has read yet stay before it.
        let start = incomingEnd
        try takeIn(atLeast: start + LockstepAnswer.size)
        let answer = try parsed(kind, at: start)
        let end = start + LockstepAnswer.size + answer.sizeBehind
        try takeIn(atLeast: end)
        guard incomingEnd == end else { throw .foreign(.tooLong(incomingEnd - start)) }
        (answered, inputs, left) = (answer.now, answer.inputs, answer.left)
        // Of pieces, each has its own instant.
        if answer.pieces == 0 { now = max(now, answered) }
        if answer.sizeBehind == 0 { incomingEnd = start }
        return answer
    }

    private func parsed(_ kind: LockstepRequest.Kind, at start: Int) throws(PortError) -> LockstepAnswer {
        let header = incoming.span.extracting(start..<start + LockstepAnswer.size)
        do throws(LockstepProblem) {
            let answer = try LockstepAnswer(parsing: header)
            guard answer.kind == kind else { throw .unknownKind(answer.kind.rawValue) }
            guard answer.now >= answered else { throw .backwards }
            return answer
        } catch { throw .foreign(error) }
    }

    mutating func takeGreeting() throws(PortError) {
        var greeting = InlineArray<16, UInt8>(repeating: 0)
        var room = greeting.mutableSpan
        do throws(PortError) { try link.read(filling: &room, by: .now() + patience) } catch {
            throw Self.hanging(error)
        }
        do throws(LockstepProblem) { try LockstepFormat.checkGreeting(greeting.span) } catch { throw .foreign(error) }
    }

    private mutating func takeIn(atLeast count: Int) throws(PortError) {
        while incomingEnd < count {
            guard incomingEnd < incoming.count else { throw .foreign(.tooLong(incomingEnd)) }
            var room = incoming.mutableSpan
            do throws(PortError) {
                incomingEnd += try link.read(into: &room, from: incomingEnd, by: .now() + patience)
            } catch { throw Self.hanging(error) }
        }
    }

    /// A time-out of the socket is none of the robot's: that would be one of virtual time.
    private static func hanging(_ error: PortError) -> PortError {
        switch error {
        case .timedOut: .foreign(.silent)
        case .hungUp: .hungUp(transferred: 0)
        default: error
        }
    }
}

// Pieces that came in one answer, handed out one after the other as they came.
extension LockstepLink {
    mutating func takePieces(_ answer: LockstepAnswer, atMost room: Int) throws(PortError) {
        guard answer.length <= room else { throw .foreign(.tooLong(answer.length)) }
        // Read means that none was left: what came stands at the front.
        incomingStart = LockstepAnswer.size
        guard answer.pieces > 0 else {
            guard answer.length > 0 else { return }
            pieces[0] = LockstepPiece(answer.now, answer.length)
            pieceCount = 1
            return
        }
        var rest = answer.length
        for place in 0..<answer.pieces {
            let piece = LockstepPiece(
                parsing: incoming.span, at: incomingStart + answer.length + place * LockstepFormat.pieceSize)
            rest -= piece.count
            guard piece.count > 0, rest >= 0, piece.instant <= answered else { throw .foreign(.contents) }
            guard place == 0 || piece.instant >= pieces[place - 1].instant else { throw .foreign(.backwards) }
            pieces[place] = piece
        }
        guard rest == 0 else { throw .foreign(.contents) }
        pieceCount = answer.pieces
        incomingEnd = incomingStart + answer.length
    }

    /// Says how many bytes that were.
    mutating func dropPieces() -> Int {
        var dropped = 0
        for place in nextPiece..<pieceCount { dropped += pieces[place].count }
        (nextPiece, pieceCount) = (0, 0)
        (incomingStart, incomingEnd) = (0, 0)
        return dropped
    }
}
