package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// apiError is an answer that refuses a request.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
type apiError struct {
	status  int
	code    int
	message string
	errors  object // the nested form errors of 50035
	// retryAfter is for limits that are no rate limits of the route.
	retryAfter time.Duration
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s (%d)", e.status, e.message, e.code) }

func (e *apiError) body() object {
	o := object{"message": e.message, "code": e.code}
	if e.errors != nil {
		o["errors"] = e.errors
	}
	if e.retryAfter > 0 {
		o["retry_after"], o["global"] = round(e.retryAfter), false
	}
	return o
}

func refuse(status, code int, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

func errNotFound() *apiError { return refuse(http.StatusNotFound, 0, "404: Not Found") }
func errMethod() *apiError   { return refuse(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed") }

func errUnauthorized() *apiError { return refuse(http.StatusUnauthorized, 0, "401: Unauthorized") }

func errApplication() *apiError    { return refuse(http.StatusNotFound, 10002, "Unknown Application") }
func errUnknownChannel() *apiError { return refuse(http.StatusNotFound, 10003, "Unknown Channel") }
func errUnknownGuild() *apiError   { return refuse(http.StatusNotFound, 10004, "Unknown Guild") }
func errUnknownMessage() *apiError { return refuse(http.StatusNotFound, 10008, "Unknown Message") }
func errUnknownWebhook() *apiError { return refuse(http.StatusNotFound, 10015, "Unknown Webhook") }
func errInteraction() *apiError    { return refuse(http.StatusNotFound, 10062, "Unknown interaction") }

func errUnknownCommand() *apiError {
	return refuse(http.StatusNotFound, 10063, "Unknown application command")
}

func errTooLarge() *apiError {
	return refuse(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
}

func errAcknowledged() *apiError {
	return refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
}
func errAccess() *apiError { return refuse(http.StatusForbidden, 50001, "Missing Access") }
func errNotAuthor() *apiError {
	return refuse(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
}

func errEmpty() *apiError {
	return refuse(http.StatusBadRequest, 50006, "Cannot send an empty message")
}

func errChannelKind() *apiError {
	return refuse(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
}

func errPermissions() *apiError { return refuse(http.StatusForbidden, 50013, "Missing Permissions") }

func errChannelType() *apiError {
	return refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
}

func errWebhookToken() *apiError {
	return refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
}
func errArchived() *apiError { return refuse(http.StatusBadRequest, 50083, "Thread is archived") }
func errJSON() *apiError {
	return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
}

// form collects what is wrong with a body, as Discord nests it.
// https://docs.discord.com/developers/reference#error-messages
type form struct{ errs object }

// fail notes an error at a path such as "embeds.0.title". A value has errors of
// its own or in its parts, never both: the first stands.
func (f *form) fail(path, code, format string, args ...any) {
	if f.errs == nil {
		f.errs = object{}
	}
	at := f.errs
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			continue
		}
		if at["_errors"] != nil {
			return
		}
		next, ok := at[step].(object)
		if !ok {
			next = object{}
			at[step] = next
		}
		at = next
	}
	list, _ := at["_errors"].([]object)
	if list == nil && len(at) > 0 {
		return
	}
	at["_errors"] = append(list, object{"code": code, "message": fmt.Sprintf(format, args...)})
}

// err is the refusal of an invalid form; nil when it was valid.
func (f *form) err() *apiError {
	if f.errs == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, code: 50035, message: "Invalid Form Body", errors: f.errs}
}

// invalid is the refusal of one wrong field.
func invalid(path, code, format string, args ...any) *apiError {
	var f form
	f.fail(path, code, format, args...)
	return f.err()
}

func join(path string, step any) string {
	s := ""
	switch v := step.(type) {
	case string:
		s = v
	case int:
		s = strconv.Itoa(v)
	}
	if path == "" {
		return s
	}
	return path + "." + s
}
