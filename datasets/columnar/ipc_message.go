package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// boundedAllocator refuses, by panic, what no intact file of the size would need. Its memory is the garbage collector's.
type boundedAllocator struct {
	memory.GoAllocator
	limit int
}

// ipcLimit is the most that one buffer of a file may take. Buffers may be compressed.
func ipcLimit(fileSize int64) int {
	const least, most = 64 << 20, 1 << 30
	return int(min(max(least, 64*fileSize), most))
}

func (a *boundedAllocator) check(size int) {
	if size < 0 || size > a.limit {
		panic(fmt.Errorf("a buffer of %d bytes", size))
	}
}

func (a *boundedAllocator) Allocate(size int) []byte {
	a.check(size)
	return a.GoAllocator.Allocate(size)
}

func (a *boundedAllocator) Reallocate(size int, b []byte) []byte {
	a.check(size)
	return a.GoAllocator.Reallocate(size, b)
}

// messages reads the messages of an IPC stream (an ipc.MessageReader). It believes no length beyond the end of the file.
type messages struct {
	src      io.ReaderAt
	pos, end int64
	memory   memory.Allocator
	current  *ipc.Message
}

var errStreamCut = errors.New("the file is cut short")

const continuation = 0xFFFFFFFF

func (m *messages) Retain() {}

func (m *messages) Release() {
	if m.current != nil {
		m.current.Release()
		m.current = nil
	}
}

// Message gives the next message, valid until the next call.
func (m *messages) Message() (*ipc.Message, error) {
	size, err := m.length()
	if err != nil {
		return nil, err
	}
	meta, err := m.take(size)
	if err != nil {
		return nil, err
	}
	defer meta.Release()
	bodySize, err := verifyMessage(meta.Bytes())
	if err != nil {
		return nil, err
	}
	body, err := m.take(bodySize)
	if err != nil {
		return nil, err
	}
	defer body.Release()
	m.Release()
	m.current = ipc.NewMessage(meta, body)
	return m.current, nil
}

// length reads how long the next message's metadata are, io.EOF at the end of the stream.
func (m *messages) length() (int64, error) {
	if m.pos == m.end {
		return 0, io.EOF
	}
	size, err := m.word()
	if err == nil && size == continuation {
		size, err = m.word()
	}
	if err == nil && size == 0 {
		err = io.EOF
	}
	return int64(size), err
}

func (m *messages) word() (uint32, error) {
	b, err := m.take(4)
	if err != nil {
		return 0, err
	}
	defer b.Release()
	return binary.LittleEndian.Uint32(b.Bytes()), nil
}

func (m *messages) take(size int64) (*memory.Buffer, error) {
	if size < 0 || size > m.end-m.pos {
		return nil, errStreamCut
	}
	b := memory.NewResizableBuffer(m.memory)
	b.Resize(int(size))
	if _, err := m.src.ReadAt(b.Bytes(), m.pos); err != nil && size > 0 {
		b.Release()
		return nil, err
	}
	m.pos += size
	return b, nil
}
