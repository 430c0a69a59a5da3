package dev.modelops.domain.metrics;

/**
 * The numbers of one bucket of one series. Count, minimum and maximum are exact; the mean is the exact sum divided by
 * the count, rounded once, whatever the order of the points. Quantiles are by nearest rank (the smallest value with at
 * least that share of points at or below it): exact up to 200 points in the bucket; above, the rank of each is off by at
 * most 1.33 % of the points with 99 % confidence (Apache DataSketches KLL, k = 200).
 */
public record Summary(long count, double min, double max, double mean, double p50, double p95, double p99) {}
