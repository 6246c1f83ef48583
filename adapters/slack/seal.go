package slack

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

var (
	errSealKey = errors.New("its key is not configured: add that key behind the others, or install the app again")
	errSealed  = errors.New("it is damaged or belongs elsewhere: install the app again")
)

// A keyring encrypts what is kept of an installation, with AES-256-GCM. It
// never changes and is safe for concurrent use.
type keyring struct{ keys []sealKey }

// A sealKey has a name that tells it from others and nothing about it.
type sealKey struct {
	name string
	aead cipher.AEAD
}

// parseKeys reads keys of 32 random bytes in hex or base64, separated by
// commas. The first seals, all of them open, so a key is replaced by putting a
// new one before it. An error repeats nothing of the list.
func parseKeys(list string) (*keyring, error) {
	k := &keyring{}
	for n, text := range strings.Split(list, ",") {
		secret, ok := decodeKey(strings.TrimSpace(text))
		if !ok {
			return nil, fmt.Errorf("slack: read encryption key %d: "+
				"write 32 random bytes in base64 or hex, such as `openssl rand -base64 32` prints", n+1)
		}
		key, err := newSealKey(secret)
		if err != nil {
			return nil, fmt.Errorf("slack: read encryption key %d: %w", n+1, err)
		}
		k.keys = append(k.keys, key)
	}
	return k, nil
}

// decodeKey understands hex and both alphabets of base64, padded or not.
func decodeKey(text string) ([]byte, bool) {
	bare := strings.TrimRight(text, "=")
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if secret, err := decode(bare); err == nil && len(secret) == 32 {
			return secret, true
		}
	}
	return nil, false
}

func newSealKey(secret []byte) (sealKey, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return sealKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealKey{}, err
	}
	sum := sha256.Sum256(append([]byte("name of the key "), secret...))
	return sealKey{name: hex.EncodeToString(sum[:4]), aead: aead}, nil
}

// seal returns plain in the form "1.name of the key.ciphertext", which can be
// opened for the same place only: records can't be exchanged for each other.
func (k *keyring) seal(place string, plain []byte) []byte {
	key := k.keys[0]
	head := "1." + key.name + "."
	return append([]byte(head), key.aead.Seal(nil, nil, plain, []byte(head+place))...)
}

// open is the inverse of seal. fresh is false if the first key did not seal
// it, so that it is time to seal it again.
func (k *keyring) open(place string, sealed []byte) (plain []byte, fresh bool, err error) {
	parts := bytes.SplitN(sealed, []byte("."), 3)
	if len(parts) != 3 || string(parts[0]) != "1" {
		return nil, false, errSealed
	}
	name := string(parts[1])
	for n, key := range k.keys {
		if key.name != name {
			continue
		}
		plain, err := key.aead.Open(nil, nil, parts[2], []byte("1."+name+"."+place))
		if err != nil {
			return nil, false, errSealed // the cause says no more
		}
		return plain, n == 0, nil
	}
	if _, err := hex.DecodeString(name); err != nil || len(name) != 8 {
		return nil, false, errSealed
	}
	return nil, false, fmt.Errorf("sealed with key %s: %w", name, errSealKey)
}
