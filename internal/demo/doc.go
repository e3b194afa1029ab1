// Package demo owns the sample news of `attache demo`: five invented outlets
// whose feeds tell, over about a minute and a half, of a pause in attacks that
// one party claims, another cannot confirm and a third expects to be kept. They
// are served over real HTTP with validators, as RSS, Atom and JSON Feed, among
// look-alikes that a keyword would take for news of war.
//
// The outlets and every sentence are written for this purpose. The course of
// events follows public reporting of 29 January 2026 and after, shortened.
package demo
