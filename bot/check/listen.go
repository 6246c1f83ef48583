package check

import (
	"net"
	"sync"
)

// An afterwards is a connection from which nothing is read before something
// has been written. Package net/http writes what a server says unasked into the
// process's log; so it is read as the answer that it pretends to be.
type afterwards struct {
	net.Conn
	spoke chan struct{}
	speak func()
}

func listenAfterwards(conn net.Conn) net.Conn {
	c := &afterwards{Conn: conn, spoke: make(chan struct{})}
	c.speak = sync.OnceFunc(func() { close(c.spoke) })
	return c
}

func (c *afterwards) Read(b []byte) (int, error) {
	<-c.spoke
	return c.Conn.Read(b)
}

func (c *afterwards) Write(b []byte) (int, error) {
	c.speak()
	return c.Conn.Write(b)
}

func (c *afterwards) Close() error {
	c.speak()
	return c.Conn.Close()
}
