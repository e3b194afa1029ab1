package query

// arena keeps short rows of bytes, in units of arenaUnit, and hands out again
// what was freed.
type arena struct {
	full [][]byte
	used uint32 // units of the last block
	gone [arenaBlock]*[]uint32
}

const (
	arenaUnit  = 4
	arenaBits  = 12
	arenaBlock = 1 << arenaBits // units
)

func units(size uint32) uint32 { return (size + arenaUnit - 1) / arenaUnit }

// add keeps a copy and returns where it is. No row may be longer than a block.
func (a *arena) add(row []byte) uint32 {
	n := units(uint32(len(row)))
	if free := a.gone[n-1]; free != nil && len(*free) > 0 {
		at := (*free)[len(*free)-1]
		*free = (*free)[:len(*free)-1]
		copy(a.get(at), row)
		return at
	}
	if len(a.full) == 0 || a.used+n > arenaBlock {
		a.full = append(a.full, make([]byte, arenaBlock*arenaUnit))
		a.used = 0
	}
	at := uint32(len(a.full)-1)<<arenaBits | a.used
	a.used += n
	copy(a.get(at), row)
	return at
}

// get returns the row at a place, and what follows it in its block.
func (a *arena) get(at uint32) []byte {
	return a.full[at>>arenaBits][at&(arenaBlock-1)*arenaUnit:]
}

func (a *arena) free(at, size uint32) {
	n := units(size)
	if a.gone[n-1] == nil {
		a.gone[n-1] = new([]uint32)
	}
	*a.gone[n-1] = append(*a.gone[n-1], at)
}
