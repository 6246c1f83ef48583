package lab

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"syscall"
	"testing"
	"time"
)

// addNetwork adds the faults below TLS.
func (l *Lab) addNetwork() {
	l.add(Fault{Name: "closed port", URL: "https://" + l.closed(), Check: "tcp", Status: "fail", Cause: "net.refused", Says: "refuses the connection"})
	l.add(Fault{Name: "blackhole", URL: "https://" + l.blackhole(), Check: "tcp", Status: "fail", Cause: "net.timeout", Says: "does not answer within"})
	l.add(Fault{Name: "reset in the handshake", URL: "https://" + l.raw(hangUp), Check: "tls", Status: "fail", Cause: "net.reset", Says: "cut during the TLS handshake"})
	l.add(Fault{Name: "reset", URL: "http://" + l.raw(hangUp), Check: "http", Status: "fail", Cause: "net.reset", Says: "cut instead of an answer"})
	l.add(Fault{Name: "silent handshake", URL: "https://" + l.raw(l.silence), Check: "tls", Status: "fail", Cause: "net.timeout", Says: "does not answer the TLS handshake"})
	l.add(Fault{Name: "garbage", URL: "http://" + l.raw(say("SSH-2.0-OpenSSH_9.9\r\n")), Check: "http", Status: "fail", Cause: "srv.error", Says: "no HTTP answer"})
	l.add(Fault{Name: "not TLS", URL: "https://" + l.raw(say("SSH-2.0-OpenSSH_9.9\r\n")), Check: "tls", Status: "fail", Cause: "tls.version", Says: "does not speak TLS"})
	plain := l.serve(nil, "", ok)
	l.add(Fault{Name: "plaintext on the TLS port", URL: "https://" + plain, Check: "tls", Status: "fail", Cause: "tls.version", Says: "speaks plain HTTP, not TLS"})
}

// addNames adds the faults of names.
func (l *Lab) addNames() {
	port := func(address string) string { _, p, _ := net.SplitHostPort(address); return p }
	here := port(l.serve(nil, "", ok))
	l.add(Fault{Name: "NXDOMAIN", URL: "http://missing.lab.test:" + here, Check: "dns", Status: "fail", Cause: "net.dns", Says: "does not exist (NXDOMAIN)"})
	l.add(Fault{Name: "name without an address", URL: "http://empty.lab.test:" + here, Check: "dns", Status: "fail", Cause: "net.dns", Says: "exists but has no address"})
	l.add(Fault{Name: "SERVFAIL", URL: "http://broken.lab.test:" + here, Check: "dns", Status: "fail", Cause: "net.dns", Says: "name servers fail to resolve"})
	l.add(Fault{Name: "DNS timeout", URL: "http://silent.lab.test:" + here, Check: "dns", Status: "fail", Cause: "net.dns", Says: "in time"})
	l.add(Fault{Name: "alias", URL: "http://alias.lab.test:" + here, Check: "dns", Status: "ok", Says: "alias.lab.test is an alias of api.lab.test: 127.0.0.1"})
	l.add(Fault{Name: "address", URL: "http://127.0.0.1:" + here, Check: "dns", Status: "skip", Says: "an address, nothing to resolve"})
	if there, six := l.beside(l.closed); six != nil {
		l.start(six, nil, ok)
		l.add(Fault{Name: "IPv6 only", URL: "http://six.lab.test:" + there, Check: "tcp", Status: "ok", Says: "connected to [::1]:" + there})
		l.add(Fault{Name: "one family broken", URL: "http://half.lab.test:" + there, Check: "tcp", Status: "warn", Cause: "net.refused", Says: "but 127.0.0.1:" + there + " refuses the connection"})
	}
	if there, six := l.beside(l.blackhole); six != nil {
		l.start(six, nil, ok)
		l.add(Fault{Name: "one family silent", URL: "http://half.lab.test:" + there, Check: "tcp", Status: "warn", Cause: "net.timeout", Says: "but 127.0.0.1:" + there + " does not answer within 1 s"})
	}
}

// beside listens on IPv6 at the port of what broken returns on IPv4; on a
// machine without IPv6, the listener is nil.
func (l *Lab) beside(broken func() string) (port string, six net.Listener) {
	for range 5 { // somebody else may have that port
		_, port, _ = net.SplitHostPort(broken())
		if six, err := net.Listen("tcp", "[::1]:"+port); err == nil {
			return port, six
		}
	}
	return "", nil
}

// closed returns an address at which nobody listens: it is taken, so that
// nobody can.
func (l *Lab) closed() string {
	_, address := l.bind()
	return address
}

// bind takes a port until the lab ends.
func (l *Lab) bind() (fd int, address string) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		l.t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		l.t.Fatal(err)
	}
	return fd, fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
}

func (l *Lab) listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	return listener
}

// blackhole returns an address at which SYN packets are dropped: that of a
// listener whose queue is full and that accepts nobody.
func (l *Lab) blackhole() string {
	fd, address := l.bind()
	if err := syscall.Listen(fd, 0); err != nil {
		l.t.Fatal(err)
	}
	for range 8 {
		conn, err := net.DialTimeout("tcp", address, 50*time.Millisecond)
		if err != nil {
			return address
		}
		l.t.Cleanup(func() { conn.Close() })
	}
	l.t.Fatal("a queue of none does not fill")
	return ""
}

// raw returns the address of a server that treats every connection like that.
func (l *Lab) raw(treat func(net.Conn)) string {
	listener := l.listen()
	l.t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				treat(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// Raw starts a server that answers every connection with the bytes that answer
// returns at that time, and hangs up after the request. It returns its host:port.
func Raw(t testing.TB, answer func() []byte) string {
	l := &Lab{t: t}
	return l.raw(func(conn net.Conn) { say(string(answer()))(conn) })
}

// hangUp resets the connection when the client begins to talk; sooner, some
// clients would not even be connected.
func hangUp(conn net.Conn) {
	conn.Read(make([]byte, 1))
	conn.(*net.TCPConn).SetLinger(0)
}

// silence says nothing until the lab ends.
func (l *Lab) silence(net.Conn) { <-l.done }

// say answers whatever comes.
func say(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		conn.Write([]byte(answer))
		readRequest(conn) // closing with unread bytes would be a reset
	}
}

// readRequest reads a request, or until the client hangs up.
func readRequest(conn net.Conn) {
	text := textproto.NewReader(bufio.NewReader(conn))
	if _, err := text.ReadLine(); err == nil {
		text.ReadMIMEHeader()
	}
}

func ok(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintln(w, `{"id":"usr_1","name":"Ada"}`)
}
