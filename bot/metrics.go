package bot

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are what the bot counts. No label carries a user, a channel or a
// word of a message.
type Metrics struct {
	messages  *prometheus.CounterVec
	turns     prometheus.Histogram
	sends     *prometheus.CounterVec
	conflicts prometheus.Counter
	degraded  prometheus.Gauge
}

// NewMetrics registers the metrics of one bot with reg. It panics if they are
// registered there already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "apihelp_messages_total", Help: "Messages by adapter and by what the bot did with them.",
		}, []string{"adapter", "act"}),
		turns: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "apihelp_turn_seconds", Help: "Time from a message's arrival to its acknowledgement.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 2.5, 10),
		}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "apihelp_sends_total", Help: "Attempts to send a reply by adapter and result: ok, retry, refused, expired, unreadable.",
		}, []string{"adapter", "result"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "apihelp_session_conflicts_total", Help: "Turns decided anew because the conversation had changed in between.",
		}),
		degraded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "apihelp_degraded", Help: "1 while the store does not answer.",
		}),
	}
	reg.MustRegister(m.messages, m.turns, m.sends, m.conflicts, m.degraded)
	return m
}

func (m *Metrics) message(adapter string, act Act, took time.Duration) {
	m.messages.WithLabelValues(adapter, string(act)).Inc()
	m.turns.Observe(took.Seconds())
}
