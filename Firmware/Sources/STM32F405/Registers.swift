import _Volatile

typealias Register = VolatileMappedRegister<UInt32>

/// SAFETY: every address here is that of a register in the chip's manual.
@inline(__always) func register(_ address: UInt) -> Register { unsafe Register(unsafeBitPattern: address) }

extension VolatileMappedRegister where Pointee == UInt32 {
    @inline(__always) func set(_ bits: UInt32) { store(load() | bits) }
    @inline(__always) func change(_ mask: UInt32, to bits: UInt32) { store(load() & ~mask | bits) }
}
