package model_test

import (
	"os"
	"strings"
	"testing"

	"apihelp/knowledge/model"
	"apihelp/knowledge/model/internal/blob"
)

func BenchmarkPredict(b *testing.B) {
	const message = "since this morning every upload gets to about half and then the other side drops us, any idea why?"
	trace := strings.Repeat("    at com.example.Client.send(Client.java:120) [client-1.2.jar]\n", 63)
	for name, text := range map[string]string{"100 bytes": message, "4 KB trace": message + trace, "1 MB": strings.Repeat(message, 10_000)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			model.Predict(text)
			for b.Loop() {
				model.Predict(text)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	data, err := os.ReadFile("model.bin.gz")
	if err != nil {
		b.Fatal(err)
	}
	packed := string(data)
	b.ReportAllocs()
	for b.Loop() {
		text, err := blob.Unpack(packed)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := blob.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
