package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// ErrOpen is wrapped by the error of Listen for an address that other machines reach, when no token guards the server.
var ErrOpen = errors.New("other machines could reach this address, and no token guards the server")

// ErrAddress is wrapped by the error of Listen for what is no address.
var ErrAddress = errors.New("an address is HOST:PORT, such as 127.0.0.1:8080, with a port from 0 to 65535")

// Listen listens on HOST:PORT, port 0 for any that is free. Only loopback addresses will do unless the server is guarded by a token;
// a host's name counts as all of the addresses that it has.
func Listen(ctx context.Context, address string, guarded bool) (net.Listener, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	hosts, err := resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		if !guarded && !h.Unmap().IsLoopback() {
			return nil, fmt.Errorf("%s: %w", address, ErrOpen)
		}
	}
	// The address that was judged is the one that is listened on: resolving the name again could give another one.
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", netip.AddrPortFrom(hosts[0], uint16(port)).String())
}

// resolve gives the addresses of a host, IPv4 first. No host means all addresses of this machine.
func resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if host == "" {
		return []netip.Addr{netip.IPv6Unspecified()}, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var four, six []netip.Addr
	for _, a := range found {
		if a = a.Unmap(); a.Is4() {
			four = append(four, a)
		} else {
			six = append(six, a)
		}
	}
	return append(four, six...), nil
}
