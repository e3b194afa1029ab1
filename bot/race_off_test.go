//go:build !race

package bot

const fewer = 1
