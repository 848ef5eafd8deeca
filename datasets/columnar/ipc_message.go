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
	src       io.ReaderAt
	pos, end  int64
	wholeFile bool // in the file format, where the stream must have an end of its own
	memory    memory.Allocator
	current   *ipc.Message
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
	bodySize, ok := bodyLength(meta.Bytes())
	if !ok {
		return nil, errors.New("a message is damaged")
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
	if m.pos == m.end && !m.wholeFile {
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

// bodyLength reads the fourth field, bodyLength, of the flatbuffer table Message.
func bodyLength(meta []byte) (int64, bool) {
	const field = 4 + 2*3
	table, ok := at32(meta, 0)
	if !ok {
		return 0, false
	}
	back, ok := at32(meta, table)
	if !ok {
		return 0, false
	}
	vtable := table - int64(int32(back))
	size, ok := at16(meta, vtable)
	if !ok || size < field+2 {
		return 0, ok
	}
	offset, ok := at16(meta, vtable+field)
	if !ok || offset == 0 {
		return 0, ok
	}
	if pos := table + offset; pos >= 0 && pos+8 <= int64(len(meta)) {
		return int64(binary.LittleEndian.Uint64(meta[pos:])), true
	}
	return 0, false
}

func at32(b []byte, pos int64) (int64, bool) {
	if pos < 0 || pos+4 > int64(len(b)) {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint32(b[pos:])), true
}

func at16(b []byte, pos int64) (int64, bool) {
	if pos < 0 || pos+2 > int64(len(b)) {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint16(b[pos:])), true
}
