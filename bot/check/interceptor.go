package check

import (
	"crypto/x509"
	"strings"
)

// interceptors are the words by which products that read TLS along give
// themselves away in the certificates they make, in lower case. Where a
// public authority has or had the maker's name (Symantec, Cisco), only words
// of the product count.
var interceptors = []struct{ product, words string }{
	{"Zscaler", "zscaler"},
	{"Netskope", "netskope|goskope.com"},
	{"Blue Coat (Symantec)", "blue coat|bluecoat|proxysg|symantec web security|symantec wss"},
	{"Palo Alto Networks", "palo alto|globalprotect|prisma access"},
	{"Fortinet FortiGate", "fortinet|fortigate"},
	{"Sophos", "sophos"},
	{"Cisco Umbrella", "cisco umbrella|opendns"},
	{"Cisco Secure Web Appliance", "cisco ironport|cisco secure web|cisco wsa"},
	{"McAfee (Skyhigh)", "mcafee|skyhigh|trellix"},
	{"Forcepoint", "forcepoint|websense"},
	{"Check Point", "check point software|checkpoint ssl inspection"},
	{"Barracuda", "barracuda"},
	{"SonicWall", "sonicwall"},
	{"WatchGuard", "watchguard"},
	{"Cloudflare Gateway", "gateway ca - cloudflare|cloudflare for teams"},
	{"Menlo Security", "menlo security"},
	{"iboss", "iboss"},
	{"Smoothwall", "smoothwall"},
	{"Lightspeed", "lightspeed systems|lightspeed rocket"},
	{"Securly", "securly"},
	{"Kaspersky", "kaspersky"},
	{"Avast", "avast"},
	{"AVG", "avg web/mail shield"},
	{"Bitdefender", "bitdefender"},
	{"ESET", "eset ssl filter"},
	{"Dr.Web", "dr.web"},
	{"AdGuard", "adguard"},
	{"Charles", "charles proxy"},
	{"Fiddler", "fiddler"},
	{"mitmproxy", "mitmproxy"},
	{"Burp Suite", "portswigger|burp suite"},
	{"OWASP ZAP", "owasp zap|zap root ca|zed attack proxy"},
	{"Proxyman", "proxyman"},
	{"HTTP Toolkit", "http toolkit"},
	{"Squid", "squid"},
}

// interceptor names the product that made one of the certificates, or returns
// "". It looks at issuers only: the makers have web sites, too, and their
// certificates name them as the owner.
func interceptor(chain []*x509.Certificate) string {
	for _, c := range chain {
		issuer := strings.ToLower(c.Issuer.CommonName + "\n" + strings.Join(c.Issuer.Organization, "\n") + "\n" +
			strings.Join(c.Issuer.OrganizationalUnit, "\n"))
		for _, i := range interceptors {
			for word := range strings.SplitSeq(i.words, "|") {
				if strings.Contains(issuer, word) {
					return i.product
				}
			}
		}
	}
	return ""
}
