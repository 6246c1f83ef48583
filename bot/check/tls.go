package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// tlsCheck makes the TLS handshake and judges the certificate.
type tlsCheck struct{}

func (tlsCheck) Name() string { return TLS }

// endsSoon is when an ending certificate becomes a warning: by then those that
// renew themselves (ACME clients begin 30 days ahead) have missed their time.
const endsSoon = 14 * 24 * time.Hour

func (tlsCheck) Run(ctx context.Context, p *Probe) Result {
	if !p.secure {
		return skip("plain HTTP, no TLS to check")
	}
	roots, err := authorities(p.Target.CAFile)
	if err != nil {
		f := finding{"tls.untrusted", "CA certificates bundle update", "the file of authorities of this target cannot be read"}
		return f.fail()
	}
	start := time.Now()
	conn := tls.Client(p.conn, &tls.Config{
		ServerName: p.host,
		NextProtos: []string{"h2", "http/1.1"},
		// Old versions are offered so that they can be named. Nothing is sent
		// over one, nor to a server whose certificate judge finds wrong.
		MinVersion:         tls.VersionTLS10,
		InsecureSkipVerify: true,
		// Nothing is lost by having none: in TLS 1.3, a server that insists
		// says so only after the handshake, or just hangs up.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			p.asked = true
			return &tls.Certificate{}, nil
		},
	})
	if err := conn.HandshakeContext(ctx); err != nil {
		if f := explainHandshake(err, p.port); !p.asked {
			return f.fail()
		}
		return wantsCertificate().fail()
	}
	p.conn, p.spent.tls = conn, time.Since(start)
	state := conn.ConnectionState()
	if state.Version < tls.VersionTLS12 {
		f := finding{"tls.version", "TLS 1.2 or higher",
			"the server speaks only " + tls.VersionName(state.Version) + ", which is no longer safe"}
		return f.fail()
	}
	return judge(state, p.host, roots, time.Now())
}

// authorities returns the system's and those in a PEM file.
func authorities(file string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without authorities trusts those of the file
	}
	if file == "" {
		return pool, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("check: authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("check: authorities: no certificate in %s", file)
	}
	return pool, nil
}

// judge judges a certificate whose handshake went through.
func judge(state tls.ConnectionState, host string, roots *x509.CertPool, now time.Time) Result {
	leaf := state.PeerCertificates[0]
	chain := state.PeerCertificates[1:]
	if err := verify(leaf, chain, host, roots, now); err != nil {
		return explainCertificate(err, state.PeerCertificates, host, now).fail()
	}
	left := leaf.NotAfter.Sub(now)
	detail := fmt.Sprintf("%s, certificate by %s, %s left", tls.VersionName(state.Version), authorityOf(leaf), lasting(left))
	if proxy := interceptor(state.PeerCertificates); proxy != "" {
		f := finding{"tls.untrusted", "proxy intercepting HTTPS traffic",
			fmt.Sprintf("%s reads along: the certificate is its own, trusted here", proxy)}
		return f.warn()
	}
	if left < endsSoon {
		f := finding{"tls.expired", "CA certificates update", "the certificate ends in " + lasting(left)}
		return f.warn()
	}
	return okay(detail)
}

// verify is what crypto/tls does by itself, with a say in the time.
func verify(leaf *x509.Certificate, chain []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) error {
	between := x509.NewCertPool()
	for _, c := range chain {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: between, CurrentTime: now})
	return err
}

// remoteError is the Op by which crypto/tls tells an alert of the server. The
// alert itself has no exported type.
const remoteError = "remote error"

// wantsCertificate is the finding where a server asks for a client certificate
// and then does not answer.
func wantsCertificate() *finding {
	return &finding{"tls.version", "TLS certificate", "the server wants a client certificate, which the target does not have"}
}

// alerted repeats an alert, which is one of the fixed texts of crypto/tls.
func alerted(op *net.OpError) *finding {
	return &finding{"tls.version", "TLS 1.2 or higher", fmt.Sprintf("the server refuses the TLS handshake: %v", op.Err)}
}

// explainHandshake says why there was no handshake.
func explainHandshake(err error, port string) *finding {
	if fault, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		if string(fault.RecordHeader[:]) == "HTTP/" {
			return &finding{"tls.version", "correct API endpoint URL HTTPS port", "port " + port + " speaks plain HTTP, not TLS"}
		}
		return &finding{"tls.version", "correct API endpoint URL HTTPS port", "port " + port + " does not speak TLS"}
	}
	switch op, _ := errors.AsType[*net.OpError](err); {
	case timedOut(err):
		return &finding{"net.timeout", "timeout firewall", "the server does not answer the TLS handshake"}
	case op != nil && op.Op == remoteError:
		return alerted(op)
	case isCut(err):
		return &finding{"net.reset", "firewall settings blocked proxy", "the connection is cut during the TLS handshake"}
	default:
		return &finding{"tls.version", "TLS 1.2 or higher", "the TLS handshake breaks down: no version or cipher in common"}
	}
}
