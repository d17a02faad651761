// Differences that are understood, each with its reason; docs/cel.md says why ours stands.
export function reasonFor(test, expected, other) {
  const got = other.value ?? "";
  const error = test.error ?? "";
  if (got.replace(/(\.\d*?)0+Z/g, "$1Z") === expected) {
    return "the text of a time ends its fraction with zeros there: 20.250Z for 20.25Z";
  }
  if (error.includes("NaN has no order")) return "NaN has an order there, and is not less";
  if (error.includes("does not fit into 64 bits")) {
    if (/-\(/.test(test.expr)) return "the smallest int has a negative there";
    if (/ % /.test(test.expr)) return "the smallest int has a rest by -1 there";
  }
  // Beyond 2^53 not every whole number is a double.
  const huge = Object.values(test.vars).some((v) => v.int64 && Math.abs(Number(v.int64)) > 2 ** 53);
  if (huge && /[=<>]/.test(test.expr) && /double\(|\b[de]\b|n\.x|\d\.\d|1e3/.test(test.expr)) {
    return "whole numbers and doubles are compared exactly there, as doubles here";
  }
  if (/getMilliseconds/.test(test.expr)) return "milliseconds are rounded there, and cut here";
  return null;
}
