package untrusted

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var ipcMagic = []byte("ARROW1")

// OpenMessages finds the stream in an Arrow IPC file of either format: the file format holds a stream between its magic bytes and its
// footer, and is read as that, so that there is one way to go wrong.
func OpenMessages(src io.ReaderAt, size int64, mem memory.Allocator) (*Messages, error) {
	m := &Messages{src: src, end: size, size: size, bare: true, memory: mem}
	head := make([]byte, len(ipcMagic))
	if size < 8 {
		return nil, errors.New("the file is too short to be an Arrow file")
	}
	if _, err := src.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if !bytes.Equal(head, ipcMagic) {
		return m, nil
	}
	tail := make([]byte, 4+len(ipcMagic))
	m.bare, m.pos, m.end = false, 8, size-int64(len(tail))
	if m.end < m.pos {
		return nil, errCut
	}
	if _, err := src.ReadAt(tail, m.end); err != nil {
		return nil, err
	}
	footer := int64(binary.LittleEndian.Uint32(tail))
	if !bytes.Equal(tail[4:], ipcMagic) || footer > m.end-m.pos {
		return nil, errors.New("the end of the file is not that of an Arrow file: it is cut short")
	}
	m.end -= footer
	return m, nil
}

// Messages reads the messages of an IPC stream (an ipc.MessageReader). It believes no length beyond the end of the file.
//
// A bare stream, without a footer, may lack its end mark as long as its last message is whole, and it may be a log that grows: a message
// that ends beyond the size at which the file was opened has come since, and is not seen.
type Messages struct {
	src      io.ReaderAt
	pos, end int64
	size     int64 // of the file
	bare     bool
	batches  int // that were read
	memory   memory.Allocator
	current  *ipc.Message
}

var errCut = errors.New("the file is cut short")

const continuation = 0xFFFFFFFF

// Retain does nothing: messages have one owner.
func (m *Messages) Retain() {}

// Release frees the current message.
func (m *Messages) Release() {
	if m.current != nil {
		m.current.Release()
		m.current = nil
	}
}

// Message gives the next message, valid until the next call; [io.EOF] after the last one.
func (m *Messages) Message() (*ipc.Message, error) {
	next, err := m.read()
	if errors.Is(err, errCut) {
		err = m.cut()
	}
	if err != nil {
		return nil, err
	}
	m.Release()
	m.current = next
	if next.Type() == ipc.MessageRecordBatch {
		m.batches++
	}
	return next, nil
}

// cut says what it means that the stream ends within a message.
func (m *Messages) cut() error {
	started := m.current != nil
	if m.bare && started && m.grown() {
		return io.EOF
	}
	noun := "batches"
	if m.batches == 1 {
		noun = "batch"
	}
	err := fmt.Errorf("%w after %d whole record %s", errCut, m.batches, noun)
	if m.bare {
		err = fmt.Errorf("%w; if it is a log that liftgate serve was writing, starting that again repairs it", err)
	}
	return err
}

func (m *Messages) grown() bool {
	n, _ := m.src.ReadAt(make([]byte, 1), m.size)
	return n > 0
}

func (m *Messages) read() (*ipc.Message, error) {
	size, err := m.length()
	if err != nil {
		return nil, err
	}
	meta, err := m.take(size)
	if err != nil {
		return nil, err
	}
	defer meta.Release()
	bodySize, err := VerifyMessage(meta.Bytes())
	if err != nil {
		return nil, err
	}
	body, err := m.take(bodySize)
	if err != nil {
		return nil, err
	}
	defer body.Release()
	return ipc.NewMessage(meta, body), nil
}

// length reads how long the next message's metadata are, io.EOF at the end of the stream.
func (m *Messages) length() (int64, error) {
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

func (m *Messages) word() (uint32, error) {
	b, err := m.take(4)
	if err != nil {
		return 0, err
	}
	defer b.Release()
	return binary.LittleEndian.Uint32(b.Bytes()), nil
}

func (m *Messages) take(size int64) (*memory.Buffer, error) {
	if size < 0 || size > m.end-m.pos {
		return nil, errCut
	}
	b := memory.NewResizableBuffer(m.memory)
	b.Resize(int(size))
	if _, err := m.src.ReadAt(b.Bytes(), m.pos); err != nil && size > 0 {
		b.Release()
		if errors.Is(err, io.EOF) {
			err = errCut // since the file was opened
		}
		return nil, err
	}
	m.pos += size
	return b, nil
}

// Offset is how many bytes of the file are read.
func (m *Messages) Offset() int64 { return m.pos }
