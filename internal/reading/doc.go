// Package reading owns what the program knows before it has read a report, and
// loads it from what is built in and what the operator adds: the catalogue of
// sources and their feeds, the topics, the actors and how they speak. The bot and
// the operator's commands read with the same.
package reading
