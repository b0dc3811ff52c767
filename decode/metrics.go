package decode

// metricsFaults are the resource metrics pipeline's: metrics-server and the
// HorizontalPodAutoscaler that reads it.
// Sources: metrics-server v0.9 pkg/scraper, pkg/server, pkg/utils;
// pkg/controller/podautoscaler (v1.37), 2026-11.
var metricsFaults = []fault{
	{id: "metrics-scrape-failed", stage: "health", has: "ailed to scrape node", hop: metricsToKubelet, weight: 1},
	{id: "metrics-scrape-failed", stage: "health", has: "unable to fully scrape metrics", hop: metricsToKubelet, weight: 1},
	{id: "metrics-none", stage: "health", has: "no metrics to serve", hop: metricsToKubelet, weight: 2},
	{id: "metrics-none", stage: "health", has: "etrics not available", weight: 2, re: rx(`[Mm]etrics not available for (?:pod|the|node)|metrics not available yet`)},
	{id: "metrics-none", stage: "health", has: "no metrics known for ", weight: 3},
	{id: "metrics-no-api", stage: "config", has: "Metrics API not available", weight: 3},
	{
		id: "hpa-no-metrics", stage: "health", has: "unable to fetch metrics from", weight: 1,
		re: rx(`unable to fetch metrics from (?:(?:resource|custom|external) metrics )?API`),
	},
	{id: "hpa-no-metrics", stage: "health", has: "FailedGetResourceMetric", weight: 1},
	{id: "hpa-no-metrics", stage: "health", has: "no metrics returned from resource metrics API", weight: 2},
	{id: "hpa-no-metrics", stage: "health", has: "did not receive metrics for", weight: 2},
	{
		id: "hpa-missing-request", stage: "config", has: "missing request for", weight: 5,
		re: rx(`missing request for (?P<resource>\w+)`),
	},
	{
		id: "hpa-missing-request", stage: "config", has: "missing pod-level request for", weight: 5,
		re: rx(`missing pod-level request for (?P<resource>\w+)`),
	},
	{id: "metrics-options", stage: "config", has: "cannot use both --", weight: 4},
	{id: "metrics-options", stage: "config", has: "metric-resolution should be", weight: 4},
	{id: "metrics-none", stage: "health", has: "etric storage is not ready", hop: metricsToKubelet, weight: 2},
	{id: "metrics-no-address", stage: "config", has: "no address matched types", hop: metricsToKubelet, weight: 4},
	{id: "metrics-slow", stage: "health", has: "didn't finish on time", weight: 3},
}
