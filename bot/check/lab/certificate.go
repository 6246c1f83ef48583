package lab

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// addCertificates adds the faults of TLS.
func (l *Lab) addCertificates() {
	now := time.Now()
	day := 24 * time.Hour
	add := func(f Fault, cert tls.Certificate) {
		f.URL = "https://" + l.serve(&tls.Config{Certificates: []tls.Certificate{cert}}, "", ok)
		f.Check = "tls"
		l.add(f)
	}
	file := l.CAFile
	add(Fault{Name: "well", CAFile: file, Status: "ok", Says: "TLS 1.3, certificate by Lab Root CA, 90 days left"}, l.ca.leaf(nil))
	add(Fault{Name: "self-signed", Status: "fail", Cause: "tls.untrusted", Says: "self-signed"}, selfSigned(l.t))
	add(Fault{Name: "unknown authority", Status: "fail", Cause: "tls.untrusted", Says: "by Lab Root CA, which is neither known here nor sent along"}, l.ca.leaf(nil))
	withRoot := l.ca.leaf(nil)
	withRoot.Certificate = append(withRoot.Certificate, l.ca.cert.Raw)
	add(Fault{Name: "unknown authority sent along", Status: "fail", Cause: "tls.untrusted", Says: "by Lab Root CA, an authority that is not known here"}, withRoot)
	add(Fault{Name: "expired", CAFile: file, Status: "fail", Cause: "tls.expired", Says: "expired 3 days ago"},
		l.ca.leaf(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-90*day), now.Add(-3*day-time.Hour) }))
	add(Fault{Name: "not yet valid", CAFile: file, Status: "fail", Cause: "tls.expired", Says: "in 2 days"},
		l.ca.leaf(func(c *x509.Certificate) { c.NotBefore = now.Add(2*day + time.Hour) }))
	add(Fault{Name: "ends soon", CAFile: file, Status: "warn", Cause: "tls.expired", Says: "ends in 9 days"},
		l.ca.leaf(func(c *x509.Certificate) { c.NotAfter = now.Add(9*day + time.Hour) }))
	add(Fault{Name: "wrong host", CAFile: file, Status: "fail", Cause: "tls.hostname", Says: "is for www.example.com and example.com, not for 127.0.0.1"},
		l.ca.leaf(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"www.example.com", "example.com"}, nil }))
	add(Fault{Name: "missing intermediate", CAFile: file, Status: "fail", Cause: "tls.untrusted", Says: "leaves out the intermediate certificate of Lab Intermediate"},
		l.ca.under("Lab Intermediate").leaf(func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://lab.test/ca.crt"} }))
	proxy := newAuthority(l.t, "Zscaler Root CA")
	add(Fault{Name: "intercepting proxy", Status: "fail", Cause: "tls.untrusted", Says: "Zscaler is between here and the server"}, proxy.leaf(nil))
	add(Fault{Name: "trusted intercepting proxy", CAFile: proxy.file, Status: "warn", Cause: "tls.untrusted", Says: "Zscaler reads along"}, proxy.leaf(nil))
	for name, version := range map[string]uint16{"TLS 1.0": tls.VersionTLS10, "TLS 1.1": tls.VersionTLS11} {
		old := &tls.Config{MinVersion: version, MaxVersion: version, Certificates: []tls.Certificate{l.ca.leaf(nil)}}
		l.add(Fault{Name: name + " only", CAFile: file, URL: "https://" + l.serve(old, "", ok), Check: "tls", Status: "fail", Cause: "tls.version", Says: "speaks only " + name})
	}
	refusing := &tls.Config{Certificates: []tls.Certificate{l.ca.leaf(nil)}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return nil, errors.New("nobody is welcome")
	}}
	l.add(Fault{Name: "refused handshake", URL: "https://" + l.serve(refusing, "", ok), Check: "tls", Status: "fail", Cause: "tls.version", Says: "refuses the TLS handshake: tls: "})
	picky := &tls.Config{Certificates: []tls.Certificate{l.ca.leaf(nil)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	l.add(Fault{Name: "client certificate wanted, TLS 1.2", CAFile: file, URL: "https://" + l.serve(picky, "", ok), Check: "tls", Status: "fail", Cause: "tls.version", Says: "wants a client certificate"})
	picky = &tls.Config{Certificates: []tls.Certificate{l.ca.leaf(nil)}, ClientAuth: tls.RequireAnyClientCert}
	l.add(Fault{Name: "client certificate wanted", CAFile: file, URL: "https://" + l.serve(picky, "", ok), Check: "http", Status: "fail", Cause: "tls.version", Says: "wants a client certificate"})
}

// serve starts a web server and returns its address with the path behind it.
func (l *Lab) serve(config *tls.Config, path string, handle http.HandlerFunc) string {
	listener := l.listen()
	l.start(listener, config, handle)
	return listener.Addr().String() + path
}

// start serves on a listener, over TLS if there is a config.
func (l *Lab) start(listener net.Listener, config *tls.Config, handle http.HandlerFunc) {
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handle, ErrorLog: l.log}}
	if config == nil {
		server.Start()
	} else {
		server.TLS = config
		server.EnableHTTP2 = true
		server.StartTLS()
	}
	l.t.Cleanup(server.Close)
}
