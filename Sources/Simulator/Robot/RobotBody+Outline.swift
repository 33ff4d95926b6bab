extension RobotBody: OutlinedBody {
    /// Every shape as a line from end to end, and the floor.
    public var outline: BodyOutline {
        let shapes = shapes()
        let drawn = shapes.filter { $0.kind != .plane }
        let segments = drawn.map { shape in
            BodyOutline.Segment(
                from: BodyOutline.Point(shape.ends.0), to: BodyOutline.Point(shape.ends.1),
                joint: mover(ofBody: shape.body))
        }
        // What moves may turn over: room for it to do so on both sides, around what is drawn now.
        let ends = drawn.flatMap { [$0.ends.0, $0.ends.1] }
        let reach = max(ends.map { max($0.x.magnitude, $0.z.magnitude) }.max() ?? 1, 0.05) * 1.2
        let floor = shapes.filter { $0.kind == .plane }.map { plane in
            BodyOutline.Segment(
                from: BodyOutline.Point(x: -reach, z: plane.centre.z),
                to: BodyOutline.Point(x: reach, z: plane.centre.z),
                joint: nil)
        }
        let low = floor.map(\.from.z).min() ?? -reach
        return BodyOutline(
            segments: floor + segments, low: BodyOutline.Point(x: -reach, z: low),
            high: BodyOutline.Point(x: reach, z: reach))
    }

    /// The servo nearest before a body, going back to the ground; nil where there is none.
    private func mover(ofBody name: String) -> Int? {
        let model = links.data.model
        guard var body = model.bodyNames.firstIndex(of: name) else { return nil }
        while body > 0 {
            if let servo = plan.joints.firstIndex(where: { model.body(onJoint: $0) == body }) { return servo }
            body = model.parent(ofBody: body)
        }
        return nil
    }
}

extension BodyOutline.Point {
    fileprivate init(_ point: SIMD3<Float>) { self.init(x: point.x, z: point.z) }
}
