package query

import (
	"fmt"
	"testing"
)

// TestNothingIsLeftOfPrefixesThatGo adds queries that hang on prefixes and takes them
// out again.
func TestNothingIsLeftOfPrefixesThatGo(t *testing.T) {
	t.Parallel()
	x := NewIndex(nil)
	const many = 100
	for i := range ID(many) {
		short := string([]rune{'a' + rune(i%26), 'a' + rune(i/26), 'x'})
		for j, form := range []string{"%s*", "before%s*", "forewarning%s*", `"war %s* and peace"`} {
			q, err := Parse(fmt.Sprintf(form, short))
			if err != nil {
				t.Fatal(err)
			}
			x.Add(i*10+ID(j), q)
		}
	}
	if x.heads.all == 0 || x.heads.short == 0 {
		t.Fatalf("%d prefixes have names, %d of them are short", x.heads.all, x.heads.short)
	}
	for i := range ID(many * 10) {
		x.Remove(i)
	}
	left := 0
	for _, bits := range x.heads.bits {
		if bits != 0 {
			left++
		}
	}
	if x.heads.all != 0 || x.heads.short != 0 || left > 0 {
		t.Errorf("of prefixes %d are left, short ones %d, words of bits %d", x.heads.all, x.heads.short, left)
	}
}
