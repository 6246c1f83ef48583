package bot

import (
	"fmt"
	"testing"
)

func TestRecentForgetsOnlyTheOldest(t *testing.T) {
	r := newRecent(3)
	if !r.add("a") || r.add("a") || !r.has("a") {
		t.Error("a string is new once, and then there")
	}
	r.remove("a")
	if r.has("a") || !r.add("a") {
		t.Error("a removed string is gone, and new again")
	}
	r.add("b")
	if !r.has("a") || !r.has("b") {
		t.Error("the place of a removed string was counted twice")
	}
	for i := range 3 {
		r.add(fmt.Sprint(i))
	}
	if r.has("a") || r.has("b") || !r.has("0") || !r.has("2") {
		t.Error("the last three strings are not what is kept")
	}
}
