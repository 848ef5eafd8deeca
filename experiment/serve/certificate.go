package serve

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// certificate is the server's, read anew when its files change: certificates expire while servers run.
type certificate struct {
	file, key string
	read      [2]time.Time // times of the files that were last read
	current   atomic.Pointer[tls.Certificate]
}

func (c *certificate) config(file, key string) (*tls.Config, error) {
	c.file, c.key = file, key
	if err := c.refresh(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}, nil
}

func (c *certificate) refresh() error {
	if c.file == "" {
		return nil
	}
	var times [2]time.Time
	for i, name := range []string{c.file, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		times[i] = info.ModTime()
	}
	if times == c.read {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.file, c.key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.file, c.key, err)
	}
	c.read = times
	c.current.Store(&pair)
	return nil
}
