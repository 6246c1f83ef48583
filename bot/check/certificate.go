package check

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// explainCertificate says what is wrong with the certificates that a server
// sent, the first of which is its own.
func explainCertificate(err error, sent []*x509.Certificate, host string, now time.Time) *finding {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return outOfDate(invalid.Cert, invalid.Cert == sent[0], now)
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return &finding{"tls.hostname", "correct API endpoint URL", fmt.Sprintf("the certificate is for %s, not for %s", namesOf(sent[0]), host)}
	}
	if proxy := interceptor(sent); proxy != "" {
		return &finding{"tls.untrusted", "proxy intercepting HTTPS traffic",
			fmt.Sprintf("%s is between here and the server: the certificate is its own", proxy)}
	}
	return untrusted(sent)
}

// outOfDate says that now is not within a certificate's time.
func outOfDate(c *x509.Certificate, own bool, now time.Time) *finding {
	what := "the certificate"
	if !own {
		what = "the certificate of " + nameOf(c) + " in the chain"
	}
	f := &finding{cause: "tls.expired", hint: "system clock accurate"}
	if now.Before(c.NotBefore) {
		f.detail = fmt.Sprintf("%s is not valid before %s, in %s", what, stamp(c.NotBefore), lasting(c.NotBefore.Sub(now)))
	} else {
		f.detail = fmt.Sprintf("%s expired %s ago, on %s", what, lasting(now.Sub(c.NotAfter)), stamp(c.NotAfter))
	}
	return f
}

// stamp writes a time to the minute.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// untrusted says why a chain leads to no authority that is known here.
func untrusted(sent []*x509.Certificate) *finding {
	f := &finding{cause: "tls.untrusted", hint: "CA certificates bundle update"}
	last := sent[len(sent)-1]
	switch {
	case selfSigned(sent[0]):
		f.detail = "the certificate is self-signed, by " + nameOf(sent[0])
	case selfSigned(last):
		f.detail = fmt.Sprintf("the certificate is by %s, an authority that is not known here", nameOf(last))
	case len(last.IssuingCertificateURL) > 0:
		f.detail = fmt.Sprintf("the server leaves out the intermediate certificate of %s (browsers fetch it by the AIA address, programs do not)", authorityOf(last))
	default:
		f.detail = fmt.Sprintf("the certificate is by %s, which is neither known here nor sent along", authorityOf(last))
	}
	return f
}

func selfSigned(c *x509.Certificate) bool {
	// CheckSignatureFrom wants an authority, which a self-signed server's
	// certificate need not be.
	return bytes.Equal(c.RawIssuer, c.RawSubject) &&
		c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// nameOf names whom a certificate is for.
func nameOf(c *x509.Certificate) string {
	switch {
	case c.Subject.CommonName != "":
		return plain(c.Subject.CommonName)
	case len(c.Subject.Organization) > 0:
		return plain(c.Subject.Organization[0])
	default:
		return namesOf(c)
	}
}

// authorityOf names who signed a certificate.
func authorityOf(c *x509.Certificate) string {
	switch {
	case len(c.Issuer.Organization) > 0 && c.Issuer.Organization[0] != c.Issuer.CommonName:
		return strings.TrimSpace(plain(c.Issuer.Organization[0] + " " + c.Issuer.CommonName))
	case c.Issuer.CommonName != "":
		return plain(c.Issuer.CommonName)
	default:
		return "somebody without a name"
	}
}

// namesOf names up to four hosts that a certificate is for.
func namesOf(c *x509.Certificate) string {
	var names []string
	for _, name := range c.DNSNames {
		names = append(names, plain(name))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "no host"
	}
	if len(names) > 4 {
		names = append(names[:4], fmt.Sprintf("%d more", len(names)-4))
	}
	return enumerate(names)
}

// plain makes a name that others chose fit for a line: in a certificate, anybody
// can write anything.
func plain(name string) string {
	const most = 64 // ub-common-name of RFC 5280
	printable := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
	if runes := []rune(printable); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return printable
}
