// Requests that two servers might read differently, or that are simply broken: each must be refused
// with a 4xx and the connection closed, so that nothing that follows it is taken for a request.
#include "http/head.hpp"
#include "unit/http/fixture.hpp"

namespace millwright::http {
namespace {

struct Variant {
  const char* name;
  std::string bytes;
};

std::string post(const std::string& headers, const std::string& body) {
  return "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n" + body;
}

std::string get(const std::string& headers) {
  return "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
}

std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: 127.0.0.1\r\n\r\n";
}

std::vector<Variant> length_variants() {
  return {
      {"cl_te", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG")},
      {"te_cl", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\nGPOST")},
      {"te_only", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"te_identity", post("Transfer-Encoding: identity\r\n", "")},
      {"te_twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n")},
      {"te_xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
      {"te_tab", post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n")},
      {"te_space_colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
      {"te_folded", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
      {"te_vertical_tab", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n")},
      {"te_upper", post("TRANSFER-ENCODING: CHUNKED\r\n", "0\r\n\r\n")},
      {"te_list", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {"te_underscore", post("Transfer_Encoding: chunked\r\nContent-Length: 0\r\n", "")},
      {"cl_underscore", post("Content_Length: 5\r\n", "hello")},
      {"cl_twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}")},
      {"cl_differ", post("Content-Length: 2\r\nContent-Length: 9\r\n", "{}")},
      {"cl_list", post("Content-Length: 2, 2\r\n", "{}")},
      {"cl_plus", post("Content-Length: +2\r\n", "{}")},
      {"cl_minus", post("Content-Length: -2\r\n", "{}")},
      {"cl_hex", post("Content-Length: 0x2\r\n", "{}")},
      {"cl_float", post("Content-Length: 2.0\r\n", "{}")},
      {"cl_empty", post("Content-Length: \r\n", "{}")},
      {"cl_words", post("Content-Length: two\r\n", "{}")},
      {"cl_inner_space", post("Content-Length: 1 2\r\n", "{}")},
      {"cl_huge", post("Content-Length: 99999999999999999999999\r\n", "{}")},
      {"cl_too_large", post("Content-Length: 1048577\r\n", "{}")},
      {"cl_space_colon", post("Content-Length : 2\r\n", "{}")},
      {"cl_control", post("Content-Length: 2\x01\r\n", "{}")},
      {"chunk_extension", post("Transfer-Encoding: chunked\r\n", "2;a=b\r\n{}\r\n0\r\n\r\n")},
      {"gzip_body", post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}")},
      {"expect_other", post("Expect: 200-maybe\r\nContent-Length: 2\r\n", "{}")},
  };
}

std::vector<Variant> line_variants() {
  return {
      {"bare_lf", "GET /health/live HTTP/1.1\nHost: 127.0.0.1\n\n"},
      {"bare_lf_field", "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\n\r\n"},
      {"bare_lf_end", "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\nX"},
      {"bare_cr", "GET /health/live HTTP/1.1\rHost: 127.0.0.1\r\n\r\n"},
      {"cr_in_value", get("X-A: b\rc\r\n")},
      {"crcrlf", "GET /health/live HTTP/1.1\r\r\nHost: 127.0.0.1\r\n\r\n"},
      {"nul_in_value", get(std::string("X-A: b\0c\r\n", 10))},
      {"nul_in_line", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 27)},
      {"leading_crlf", "\r\n" + line("GET /health/live HTTP/1.1")},
      {"leading_space", " " + line("GET /health/live HTTP/1.1")},
      {"two_spaces", line("GET  /health/live HTTP/1.1")},
      {"tab_between", line("GET\t/health/live\tHTTP/1.1")},
      {"space_in_target", line("GET /health/live x HTTP/1.1")},
      {"trailing_space", line("GET /health/live HTTP/1.1 ")},
      {"no_version", line("GET /health/live")},
      {"http09", "GET /health/live\r\n\r\n"},
      {"http2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"http3", line("GET /health/live HTTP/3.0")},
      {"lower_http", line("GET /health/live http/1.1")},
      {"long_minor", line("GET /health/live HTTP/1.10")},
      {"lower_method", line("get /health/live HTTP/1.1")},
      {"method_symbol", line("GET! /health/live HTTP/1.1")},
      {"absolute_form", line("GET http://127.0.0.1/health/live HTTP/1.1")},
      {"authority_form", line("CONNECT 127.0.0.1:80 HTTP/1.1")},
      {"asterisk", line("OPTIONS * HTTP/1.1")},
      {"fragment", line("GET /health/live#x HTTP/1.1")},
      {"backslash", line("GET \\health\\live HTTP/1.1")},
      {"non_ascii_target", line("GET /h\xc3\xa9 HTTP/1.1")},
      {"no_host", "GET /health/live HTTP/1.1\r\n\r\n"},
      {"two_hosts", get("Host: evil.example\r\n")},
      {"host_path", "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1/x\r\n\r\n"},
      {"host_user", "GET /health/live HTTP/1.1\r\nHost: a@127.0.0.1\r\n\r\n"},
      {"host_empty", "GET /health/live HTTP/1.1\r\nHost: \r\n\r\n"},
      {"fold_first", "GET /health/live HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n"},
      {"fold_tab", get("X-A: b\r\n\tc\r\n")},
      {"no_colon", get("X-A\r\n")},
      {"no_name", get(": b\r\n")},
      {"name_space", get("X A: b\r\n")},
      {"name_control", get("X\x7f: b\r\n")},
      {"name_bracket", get("X(A): b\r\n")},
      {"two_cookies", get("Cookie: a=1\r\nCookie: mw_session=2\r\n")},
      {"two_authorizations", get("Authorization: a\r\nAuthorization: b\r\n")},
      {"long_header", get("X-A: " + std::string(17 << 10, 'a') + "\r\n")},
      {"long_target", line("GET /" + std::string(9 << 10, 'a') + " HTTP/1.1")},
      {"binary", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8)},
  };
}

class Smuggling : public ServerTest {};

TEST_F(Smuggling, EachVariantIsRefusedAndTheConnectionClosed) {
  start();
  std::vector<Variant> variants = length_variants();
  for (Variant& variant : line_variants()) variants.push_back(std::move(variant));
  ASSERT_GE(variants.size(), 60U);
  std::string fields;
  for (int i = 0; i < 65; ++i) fields += "X-" + std::to_string(i) + ": a\r\n";
  variants.push_back({"many_fields", get(fields)});
  for (const Variant& variant : variants) {
    Client client(server_->port());
    client.send(variant.bytes + get(""));
    const Reply reply = client.read();
    EXPECT_GE(reply.status, 400) << variant.name;
    EXPECT_LT(reply.status, 500) << variant.name;
    EXPECT_TRUE(reply.closed) << variant.name;
    EXPECT_EQ(client.seen(), "") << variant.name << ": a second answer";
    EXPECT_NE(reply.body.find("\"requestId\""), std::string::npos) << variant.name;
  }
  EXPECT_EQ(call("GET", "/health/live").status, 200);
}

TEST(CheckHead, TakesARequestByteByByte) {
  const std::string text = get("Content-Length: 12\r\nExpect: 100-continue\r\n");
  for (std::size_t n = 0; n < text.size(); ++n) {
    EXPECT_EQ(check_head(std::string_view(text).substr(0, n)).state, HeadCheck::State::kMore) << n;
  }
  const HeadCheck whole = check_head(text + "hello");
  EXPECT_EQ(whole.state, HeadCheck::State::kComplete);
  EXPECT_EQ(whole.bytes, text.size());
  EXPECT_EQ(whole.body_bytes, 12U);
  EXPECT_TRUE(whole.expects_continue);
}

TEST(CheckHead, ARefusalComesAtTheFirstWrongByte) {
  const std::string text = "GET / HTTP/1.1\n";
  EXPECT_EQ(check_head(text).state, HeadCheck::State::kBad);
  EXPECT_EQ(check_head(std::string(17 << 10, 'a')).status, 431);
  EXPECT_EQ(check_head("GET / HTTP/1.1\r").state, HeadCheck::State::kMore);
}

}  // namespace
}  // namespace millwright::http
