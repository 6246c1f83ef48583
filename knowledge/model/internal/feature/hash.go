package feature

// FNV-1a, with a last mix so that the low bits serve as a table index.
const (
	offset32 = 2166136261
	prime32  = 16777619
)

// seed keeps the kinds of features apart.
func seed(k Kind) uint32 { return hashByte(offset32, byte(k)) }

func hashByte(h uint32, c byte) uint32 { return (h ^ uint32(c)) * prime32 }

func hashBytes(h uint32, b []byte) uint32 {
	for _, c := range b {
		h = hashByte(h, c)
	}
	return h
}

func hashTwo(h, a, b uint32) uint32 {
	return mix((mix(h^a)+b)*prime32) ^ h
}

// mix is the finaliser of MurmurHash3.
func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
