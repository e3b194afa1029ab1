package feed_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serverVariable makes the test program a server of feeds: its value is the
// number of hosts, after "tls " for one with encryption.
const serverVariable = "ATTACHE_BENCH_SERVER"

// servedItems are the items of each served feed.
const servedItems = 10

// serveFeeds serves a feed at each of so many addresses of 127.0.0.0/8, prints
// the port and, with encryption, its certificate, and ends with its input.
func serveFeeds(how string) error {
	count, encrypted := strings.CutPrefix(how, "tls ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	first, err := new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.1.0.0:0")
	if err != nil {
		return err
	}
	port := first.Addr().(*net.TCPAddr).Port
	listeners := []net.Listener{first}
	for i := 1; i < n; i++ {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp4", net.JoinHostPort(benchHost(i), strconv.Itoa(port)))
		if err != nil {
			return err
		}
		listeners = append(listeners, l)
	}
	var conditional atomic.Bool // honours If-None-Match
	s := &http.Server{ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0), Handler: feedHandler(&conditional)}
	if encrypted {
		ca, err := newAuthority(n)
		if err != nil {
			return err
		}
		fmt.Printf("%x\n", ca.pem)
		s.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: ca.certificate}
	}
	for _, l := range listeners {
		go func() {
			if encrypted {
				_ = s.ServeTLS(l, "", "")
			} else {
				_ = s.Serve(l)
			}
		}()
	}
	fmt.Println(port)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		conditional.Store(in.Text() == "conditional")
		fmt.Println("ok")
	}
	return s.Close()
}

// benchHost is the address of the i-th host.
func benchHost(i int) string { return fmt.Sprintf("127.%d.%d.%d", 1+i>>16, i>>8&0xff, i&0xff) }

// feedHandler answers every host with a feed of its own, about 5 kB of news.
func feedHandler(conditional *atomic.Bool) http.Handler {
	const tag = `"1"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if conditional.Load() && r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		_, _ = w.Write(servedFeed(r.Host))
	})
}

func servedFeed(host string) []byte {
	name := strings.ReplaceAll(strings.ReplaceAll(host, ".", "-"), ":", "-")
	var b bytes.Buffer
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\n"+
		"<title>News of %[1]s</title><link>https://news.example/%[1]s/</link><description>World news</description><language>en</language>\n", name)
	for i := range servedItems {
		fmt.Fprintf(&b, "<item><title><![CDATA[Envoys of %[1]s meet for talks number %[2]d on a truce]]></title>\n"+
			"<description><![CDATA[<p>Negotiators from both sides met in %[1]s on Tuesday, the %[2]d. round of talks since the spring, and said that they &amp; their hosts would go on until there is a text that all can sign.</p>]]></description>\n"+
			"<link>https://news.example/%[1]s/world/%[2]d</link><guid isPermaLink=\"true\">https://news.example/%[1]s/world/%[2]d</guid>\n"+
			"<pubDate>Thu, 18 Jun 2026 10:%02[3]d:00 GMT</pubDate><media:thumbnail width=\"240\" height=\"135\" url=\"https://images.example/%[1]s/%[2]d.jpg\"/></item>\n", name, i, 50-i)
	}
	b.WriteString("</channel></rss>\n")
	return b.Bytes()
}

// authority has a certificate for each host.
type authority struct {
	pem   []byte
	hosts map[string]*tls.Certificate
}

func newAuthority(hosts int) (*authority, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	issuer := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "benchmark"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, issuer, issuer, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	a := &authority{pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), hosts: map[string]*tls.Certificate{}}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	for i := range hosts {
		leaf := &x509.Certificate{
			SerialNumber: big.NewInt(int64(2 + i)), NotBefore: issuer.NotBefore, NotAfter: issuer.NotAfter,
			IPAddresses: []net.IP{net.ParseIP(benchHost(i))}, KeyUsage: x509.KeyUsageDigitalSignature,
		}
		der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, &key.PublicKey, caKey)
		if err != nil {
			return nil, err
		}
		a.hosts[benchHost(i)] = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	}
	return a, nil
}

func (a *authority) certificate(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
	host, _, err := net.SplitHostPort(h.Conn.LocalAddr().String())
	if err != nil {
		return nil, err
	}
	c, ok := a.hosts[host]
	if !ok {
		return nil, errors.New("no certificate for " + host)
	}
	return c, nil
}

// benchServer is the server of feeds in a process of its own.
type benchServer struct {
	scheme string
	port   uint16
	roots  *x509.CertPool
	in     io.Writer
	out    *bufio.Scanner
}

func startServer(b *testing.B, hosts int, encrypted bool) *benchServer {
	b.Helper()
	how := strconv.Itoa(hosts)
	s := &benchServer{scheme: "http"}
	if encrypted {
		how, s.scheme, s.roots = "tls "+how, "https", x509.NewCertPool()
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), serverVariable+"="+how)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	check(b, err)
	out, err := cmd.StdoutPipe()
	check(b, err)
	check(b, cmd.Start())
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	s.in, s.out = in, bufio.NewScanner(out)
	s.out.Buffer(nil, 1<<20)
	if encrypted {
		var cert []byte
		_, err := fmt.Sscanf(s.line(b), "%x", &cert)
		check(b, err)
		s.roots.AppendCertsFromPEM(cert)
	}
	port, err := strconv.ParseUint(s.line(b), 10, 16)
	check(b, err)
	s.port = uint16(port)
	return s
}

// honour says whether the server answers 304 from now on.
func (s *benchServer) honour(b *testing.B, conditional bool) {
	b.Helper()
	word := "plain"
	if conditional {
		word = "conditional"
	}
	_, err := fmt.Fprintln(s.in, word)
	check(b, err)
	s.line(b)
}

func (s *benchServer) line(b *testing.B) string {
	b.Helper()
	if !s.out.Scan() {
		b.Fatalf("the server is gone: %v", s.out.Err())
	}
	return s.out.Text()
}

func (s *benchServer) url(i int) string {
	return fmt.Sprintf("%s://%s:%d/feed.xml", s.scheme, benchHost(i), s.port)
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
