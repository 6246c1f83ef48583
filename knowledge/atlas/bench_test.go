package atlas

import (
	"strings"
	"testing"
)

// javaTrace is a trace as a log has it, of some 4 KB.
var javaTrace = "2025-03-02 10:11:12.123 ERROR 1 --- [nio-8080-exec-1] c.e.Client : call failed\n" +
	"javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target\n" +
	strings.Repeat("\tat java.base/sun.security.ssl.TransportContext.fatal(TransportContext.java:371)\n", 22) +
	"Caused by: sun.security.validator.ValidatorException: PKIX path building failed\n" +
	strings.Repeat("\tat org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:785) ~[spring-web-6.0.jar!/:6.0]\n", 15) +
	"Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target\n" +
	"\t... 60 more\n"

func BenchmarkFind(b *testing.B) {
	texts := []struct{ name, text string }{
		{"100 bytes", "hi all, since monday our nightly job gets connect ECONNREFUSED 10.1.2.3:443 from api.example.com :("},
		{"chatter", "does anybody know whether the office is open on friday, or do we all have to work from home again?"},
		{"java 4 KB", javaTrace},
		{"prose 4 KB", strings.Repeat("we call the api from two servers and the answer is always the same. ", 60)},
		{"hostile 16 KB", strings.Repeat("failed to connect to ", 800)},
		{"hostile 1 MB", strings.Repeat("certificate common name ", 1<<20/24)},
	}
	for _, t := range texts {
		b.Run(t.name, func(b *testing.B) {
			Find("")
			b.ReportAllocs()
			b.SetBytes(int64(len(t.text)))
			for b.Loop() {
				Find(t.text)
			}
		})
	}
}

func TestAnOrdinaryMessageCostsFewAllocations(t *testing.T) {
	text := "hi all, since monday our nightly job gets connect ECONNREFUSED 10.1.2.3:443 from api.example.com :("
	if got := testing.AllocsPerRun(100, func() { Find(text) }); got >= 6 {
		t.Errorf("%v allocations", got)
	}
}
