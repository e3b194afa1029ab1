package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var variableName = regexp.MustCompile(`ATTACHE_[A-Z_]+`)

// deployFiles are the files by which operators run the bot, by name.
func deployFiles(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("deploy/*")
	if err != nil || len(names) < 3 {
		t.Fatalf("%q, %v", names, err)
	}
	out := map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(raw)
	}
	return out
}

// TestDeployFilesSetWhatExists holds the variables in them against the table of
// keys.
func TestDeployFilesSetWhatExists(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"ATTACHE_CONFIG": true}
	for _, k := range keys() {
		known[k.variable()] = true
	}
	count := 0
	for name, text := range deployFiles(t) {
		for _, v := range variableName.FindAllString(text, -1) {
			count++
			if v != envPrefix && !known[v] {
				t.Errorf("%s sets %s, which is no setting", name, v)
			}
		}
	}
	if count < 4 {
		t.Errorf("only %d variables found", count)
	}
}

// TestDeployFilesRunItAsNobody keeps what takes power from the bot: another
// user, a root that cannot be written, no way to more rights.
func TestDeployFilesRunItAsNobody(t *testing.T) {
	t.Parallel()
	files := deployFiles(t)
	for name, lines := range map[string][]string{
		"attache.service": {
			"DynamicUser=yes", "ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
			"PrivateTmp=yes", "SystemCallFilter=~@privileged @resources", "LoadCredential=token:/etc/attache/token",
		},
		"Containerfile": {"FROM scratch", "USER 65534:65534"},
	} {
		for _, want := range lines {
			if !strings.Contains(files[name], "\n"+want+"\n") {
				t.Errorf("%s lacks the line %s", name, want)
			}
		}
	}
	var compose struct {
		Services map[string]struct {
			ReadOnly    bool     `yaml:"read_only"`
			User        string   `yaml:"user"`
			Drop        []string `yaml:"cap_drop"`
			Security    []string `yaml:"security_opt"`
			Environment map[string]string
		}
	}
	if err := yaml.Unmarshal([]byte(files["compose.yaml"]), &compose); err != nil {
		t.Fatal(err)
	}
	s := compose.Services["attache"]
	if !s.ReadOnly || s.User != "65534:65534" || strings.Join(s.Drop, "") != "ALL" || strings.Join(s.Security, "") != "no-new-privileges:true" {
		t.Errorf("the service has more than it needs: %+v", s)
	}
	if _, ok := s.Environment["ATTACHE_TOKEN"]; ok {
		t.Error("the token stands in the environment, where docker inspect shows it")
	}
}
