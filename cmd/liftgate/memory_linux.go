package main

import (
	"math"
	"os"
	"path"
	"strconv"
	"strings"
)

// systemMemory is how much memory there is for this process: that of the machine, or what its control groups may take if that is less. 0:
// nobody knows.
func systemMemory() int64 {
	least := int64(math.MaxInt64)
	if kib := field("/proc/meminfo", "MemTotal:"); kib > 0 {
		least = kib << 10
	}
	for _, file := range groupLimits(read("/proc/self/cgroup")) {
		if limit, err := strconv.ParseInt(strings.TrimSpace(read(file)), 10, 64); err == nil && limit > 0 {
			least = min(least, limit) // no limit is a word, or a number beyond all machines
		}
	}
	if least == math.MaxInt64 {
		return 0
	}
	return least
}

// groupLimits are the files that may hold a limit, given the groups of the process: those of the groups and of all above them.
func groupLimits(groups string) (files []string) {
	for line := range strings.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		root, name := "/sys/fs/cgroup", "memory.max"
		if parts[1] != "" {
			if !strings.Contains(","+parts[1]+",", ",memory,") {
				continue
			}
			root, name = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		}
		for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) {
			files = append(files, path.Join(root, group, name))
			if group == "/" {
				break
			}
		}
	}
	return files
}

// peakMemory is the most that the process has had in memory; 0: nobody knows.
func peakMemory() int64 { return field("/proc/self/status", "VmHWM:") << 10 }

// field is a number behind a name in one of the system's tables, 0 without one.
func field(file, name string) int64 {
	for line := range strings.Lines(read(file)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == name {
			n, _ := strconv.ParseInt(words[1], 10, 64)
			return n
		}
	}
	return 0
}

// read is empty where there is nothing to read.
func read(file string) string {
	text, _ := os.ReadFile(file)
	return string(text)
}
