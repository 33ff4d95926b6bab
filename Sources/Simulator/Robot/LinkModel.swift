internal import CMuJoCo

/// A compiled MJCF. It never changes once it has been made, so all copies of a body share it.
///
/// That is what `@unchecked` stands for: the pointer is private to this file's two classes, nothing writes through it
/// after `init`, and it is freed when the last body is gone.
@safe final class LinkModel: @unchecked Sendable {
    /// Joints that a body may have; each has one degree of freedom.
    static let mostJoints = 24
    /// Bodies of one model from different presses differ so much in mass, and soles in friction.
    static let massSpread = 0.03
    static let groundSpread = 0.1

    fileprivate let model: UnsafeMutablePointer<mjModel>
    fileprivate let identity: UnsafeMutablePointer<Double>
    let jointNames: [String]
    let bodyNames: [String]
    let geomNames: [String]

    /// Compiles the text and makes of it the one robot that has this seed.
    init(_ mjcf: String, step: Double, chance: Chance, spread: Double) throws(BodyError) {
        unsafe model = try Self.load(mjcf)
        let count = unsafe Int(model.pointee.nv)
        unsafe identity = .allocate(capacity: count * count)
        for place in 0..<(count * count) {
            unsafe (identity + place).initialize(to: place % (count + 1) == 0 ? 1 : 0)
        }
        unsafe model.pointee.opt.timestep = step
        // Without it MuJoCo's energies are zero. It costs nothing until somebody asks.
        unsafe model.pointee.opt.enableflags |= Int32(mjENBL_ENERGY.rawValue)
        unsafe jointNames = Self.names(in: model, mjOBJ_JOINT, Int(model.pointee.njnt))
        unsafe bodyNames = Self.names(in: model, mjOBJ_BODY, Int(model.pointee.nbody))
        unsafe geomNames = Self.names(in: model, mjOBJ_GEOM, Int(model.pointee.ngeom))
        try check()
        if spread > 0 { try vary(chance, by: spread) }
    }

    deinit {
        unsafe mj_deleteModel(model)
        unsafe identity.deallocate()
    }

    private static func load(_ mjcf: String) throws(BodyError) -> UnsafeMutablePointer<mjModel> {
        let bytes = mjcf.utf8.map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: Int(cmujoco_text_size))
        // SAFETY: both arrays outlive the call, and MuJoCo keeps neither.
        let loaded = unsafe cmujoco_load(bytes, bytes.count, &text)
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let model = unsafe loaded, words.isEmpty else {
            if let model = unsafe loaded { unsafe mj_deleteModel(model) }
            throw .notLoaded(text: words, line: line(in: words))
        }
        return unsafe model
    }

    /// "line 3", "line = 3" and "Line number=3" of MuJoCo's different parsers; 0 is no line.
    private static func line(in text: String) -> Int? {
        for mark in ["line ", "line = ", "Line number="] {
            guard let place = text.firstRange(of: mark) else { continue }
            if let line = Int(text[place.upperBound...].prefix { $0.isNumber }), line > 0 { return line }
        }
        return nil
    }

    private static func names(
        in model: UnsafeMutablePointer<mjModel>, _ kind: mjtObj, _ count: Int
    ) -> [String] {
        (0..<count).map { place in
            guard let name = unsafe mj_id2name(model, Int32(kind.rawValue), Int32(place)) else { return "" }
            return unsafe String(cString: name)
        }
    }

    private func check() throws(BodyError) {
        let actuators = unsafe Int(model.pointee.nu)
        guard actuators == 0 else { throw .hasActuators(actuators) }
        for joint in jointNames.indices {
            guard isHinge(joint) || isSlide(joint) else { throw .neitherHingeNorSlide(joint: joint) }
        }
        guard jointNames.count <= Self.mostJoints else {
            throw .tooManyJoints(jointNames.count, most: Self.mostJoints)
        }
    }

    /// The body that hangs on a joint, and the one that a body hangs on; the world hangs on itself.
    func body(onJoint joint: Int) -> Int { unsafe Int(model.pointee.jnt_bodyid[joint]) }
    func parent(ofBody body: Int) -> Int { unsafe Int(model.pointee.body_parentid[body]) }

    func isHinge(_ joint: Int) -> Bool { unsafe model.pointee.jnt_type[joint] == Int32(mjJNT_HINGE.rawValue) }
    private func isSlide(_ joint: Int) -> Bool { unsafe model.pointee.jnt_type[joint] == Int32(mjJNT_SLIDE.rawValue) }

    /// Masses and grips are those of one robot of many.
    private func vary(_ chance: Chance, by spread: Double) throws(BodyError) {
        let masses = chance.of("mass")
        for body in bodyNames.indices.dropFirst() {
            let factor = 1 + Self.massSpread * spread * masses.even(UInt64(body))
            unsafe model.pointee.body_mass[body] *= factor
            for axis in 0..<3 { unsafe model.pointee.body_inertia[3 * body + axis] *= factor }
        }
        let grips = chance.of("friction")
        for geom in geomNames.indices {
            unsafe model.pointee.geom_friction[3 * geom] *= 1 + Self.groundSpread * spread * grips.even(UInt64(geom))
        }
        let scratch = try LinkData(self)
        try scratch.settleConstants()
    }
}

/// MuJoCo's workspace of one body. A copied body gets its own as soon as one of the two moves on.
///
/// That is what `@unchecked` stands for: only `LinkMotion` writes through the pointers, and it does so after it has made
/// sure that nobody else has this object.
@safe final class LinkData: @unchecked Sendable {
    let model: LinkModel
    private let data: UnsafeMutablePointer<mjData>
    private let text: UnsafeMutablePointer<CChar>

    init(_ model: LinkModel) throws(BodyError) {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(cmujoco_text_size))
        guard let data = unsafe cmujoco_make_data(model.model, text) else {
            let words = unsafe String(cString: text)
            unsafe text.deallocate()
            throw .failed(text: words)
        }
        self.model = model
        unsafe self.data = unsafe data
        unsafe self.text = unsafe text
    }

    private init(copying other: LinkData) {
        unsafe text = .allocate(capacity: Int(cmujoco_text_size))
        guard let data = unsafe cmujoco_copy_data(nil, other.model.model, other.data, text) else {
            preconditionFailure("no memory for another copy of a body")
        }
        model = other.model
        unsafe self.data = unsafe data
    }

    deinit {
        unsafe mj_deleteData(data)
        unsafe text.deallocate()
    }

    func copy() -> LinkData { LinkData(copying: self) }

    /// What MuJoCo said last when it failed.
    var words: String { unsafe String(cString: text) }

    fileprivate func settleConstants() throws(BodyError) {
        guard unsafe cmujoco_set_constants(model.model, data, text) else { throw .failed(text: words) }
    }
}

// What a step needs.
extension LinkData {
    /// Where the MJCF has its joints: in its first key frame, if it has one.
    var start: [Double] {
        let count = model.jointNames.count
        guard unsafe model.model.pointee.nkey > 0 else {
            return (0..<count).map { unsafe model.model.pointee.qpos0[$0] }
        }
        return (0..<count).map { unsafe model.model.pointee.key_qpos[$0] }
    }

    func setState(_ positions: [Double], _ speeds: [Double]) {
        for joint in positions.indices {
            unsafe data.pointee.qpos[joint] = positions[joint]
            unsafe data.pointee.qvel[joint] = speeds[joint]
        }
    }

    func push(_ body: Int, with force: SIMD3<Double>) {
        for axis in 0..<3 { unsafe data.pointee.xfrc_applied[6 * body + axis] += force[axis] }
    }

    func clearPush(on body: Int) {
        for axis in 0..<3 { unsafe data.pointee.xfrc_applied[6 * body + axis] = 0 }
    }

    /// The acceleration without motors and contacts, and what a unit of effort on each joint adds to each.
    func prepare(_ acceleration: inout [Double], _ mobility: inout [Double]) -> Bool {
        // SAFETY: MuJoCo writes nv * nv numbers, which is how many the array has.
        let isDone = unsafe mobility.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return true }
            return unsafe cmujoco_prepare(model.model, data, model.identity, base, text)
        }
        for joint in acceleration.indices { acceleration[joint] = unsafe data.pointee.qacc_smooth[joint] }
        return isDone
    }

    var hasConstraints: Bool { unsafe data.pointee.nefc > 0 }

    /// The forces of contacts and stops against this acceleration.
    func constrain(_ acceleration: [Double], _ forces: inout [Double]) -> Bool {
        for joint in acceleration.indices { unsafe data.pointee.qacc_smooth[joint] = acceleration[joint] }
        guard unsafe cmujoco_constrain(model.model, data, text) else { return false }
        for joint in forces.indices { forces[joint] = unsafe data.pointee.qfrc_constraint[joint] }
        return true
    }
}

// What a spectator needs. Only a copy of one's own may `look`.
extension LinkData {
    func look() -> Bool { unsafe cmujoco_look(model.model, data, text) }

    var potential: Double { unsafe data.pointee.energy.0 }
    var kinetic: Double { unsafe data.pointee.energy.1 }

    var contactCount: Int { unsafe Int(data.pointee.ncon) }

    func contact(_ place: Int) -> (first: Int, second: Int, point: SIMD3<Double>, force: Double) {
        var wrench = [Double](repeating: 0, count: 6)
        // SAFETY: MuJoCo writes six numbers and keeps nothing.
        unsafe mj_contactForce(model.model, data, Int32(place), &wrench)
        let contact = unsafe data.pointee.contact[place]
        let point = SIMD3(contact.pos.0, contact.pos.1, contact.pos.2)
        return (Int(contact.geom1), Int(contact.geom2), point, wrench[0])
    }

    func bodyPosition(_ body: Int) -> SIMD3<Double> {
        unsafe SIMD3(data.pointee.xpos[3 * body], data.pointee.xpos[3 * body + 1], data.pointee.xpos[3 * body + 2])
    }

    /// Kind, body, half sizes, centre, and the directions of the geom's own axes in columns.
    func geom(_ place: Int) -> (kind: Int, body: Int, size: SIMD3<Double>, centre: SIMD3<Double>, axes: [SIMD3<Double>])
    {
        let triple = { (numbers: UnsafeMutablePointer<Double>, at: Int) in
            unsafe SIMD3(numbers[at], numbers[at + 1], numbers[at + 2])
        }
        let model = unsafe self.model.model.pointee
        let rows = (0..<3).map { unsafe triple(data.pointee.geom_xmat, 9 * place + 3 * $0) }
        let axes = (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) }
        return unsafe (
            Int(model.geom_type[place]), Int(model.geom_bodyid[place]), triple(model.geom_size, 3 * place),
            triple(data.pointee.geom_xpos, 3 * place), axes
        )
    }
}
