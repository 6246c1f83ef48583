package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func keys(t testing.TB, list string) *keyring {
	t.Helper()
	k, err := parseKeys(list)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeysAreReadInEveryCommonForm(t *testing.T) {
	urlSafe := strings.NewReplacer("+", "-", "/", "_").Replace(secondKey)
	for _, list := range []string{
		firstKey, strings.ToUpper(firstKey), secondKey, strings.TrimRight(secondKey, "="), urlSafe,
		" " + firstKey + " , " + secondKey + "\n",
	} {
		if _, err := parseKeys(list); err != nil {
			t.Errorf("%q: got %v", list, err)
		}
	}
	if a, b := keys(t, secondKey).keys[0].name, keys(t, urlSafe).keys[0].name; a != b {
		t.Errorf("got names %s and %s for one key", a, b)
	}
}

func TestAWrongKeyIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, list := range []string{
		"", "hunter2", firstKey + ",", firstKey + ",hunter2", firstKey[:62], firstKey + "00", secondKey[:20], "hunter2 " + firstKey,
	} {
		_, err := parseKeys(list)
		if err == nil {
			t.Errorf("%q: got no error", list)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), firstKey[:8]) || !strings.Contains(err.Error(), "openssl rand") {
			t.Errorf("%q: got %q", list, err)
		}
	}
}

func TestSealedBytesOpenOnlyWholeAndInTheirPlace(t *testing.T) {
	k := keys(t, firstKey)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed := k.seal("here", plain)
		got, fresh, err := k.open("here", sealed)
		if err != nil || !fresh || !slices.Equal(got, plain) {
			t.Fatalf("got %q, %v, %v, want %q", got, fresh, err, plain)
		}
		if _, _, err := k.open("there", sealed); !errors.Is(err, errSealed) {
			t.Fatalf("elsewhere: got %v, want %v", err, errSealed)
		}
		broken := slices.Clone(sealed)
		n := rapid.IntRange(0, len(broken)-1).Draw(t, "at")
		broken[n] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		if _, _, err := k.open("here", broken); !errors.Is(err, errSealed) && !errors.Is(err, errSealKey) {
			t.Fatalf("byte %d changed: got %v", n, err)
		}
		if _, _, err := k.open("here", sealed[:n]); !errors.Is(err, errSealed) {
			t.Fatalf("cut at %d: got %v, want %v", n, err, errSealed)
		}
	})
}

func TestTheSameBytesAreSealedDifferentlyEachTime(t *testing.T) {
	k := keys(t, firstKey)
	if a, b := k.seal("p", []byte("x")), k.seal("p", []byte("x")); slices.Equal(a, b) {
		t.Errorf("got %q twice", a)
	}
}

func TestKeysCanBeReplaced(t *testing.T) {
	old := keys(t, firstKey).seal("p", []byte("x"))
	both := keys(t, secondKey+","+firstKey)
	if plain, fresh, err := both.open("p", old); string(plain) != "x" || fresh || err != nil {
		t.Errorf("older key: got %q, %v, %v, want x, not fresh", plain, fresh, err)
	}
	renewed := both.seal("p", []byte("x"))
	if _, fresh, err := keys(t, secondKey).open("p", renewed); !fresh || err != nil {
		t.Errorf("newer key: got %v, %v, want fresh", fresh, err)
	}
	_, _, err := keys(t, secondKey).open("p", old)
	if name := keys(t, firstKey).keys[0].name; !errors.Is(err, errSealKey) || !strings.Contains(err.Error(), name) {
		t.Errorf("key gone: got %v, want the name %s", err, name)
	}
}

func FuzzOpenSealed(f *testing.F) {
	k := keys(f, firstKey)
	f.Add([]byte("1." + k.keys[0].name + "."))
	f.Add([]byte(""))
	f.Add(keys(f, secondKey).seal("p", []byte("x")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, _, err := k.open("p", sealed); err == nil {
			t.Errorf("got %q opened, which nobody sealed", plain)
		}
	})
}
