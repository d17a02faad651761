import { defineConfig } from "vitest/config";

// The mock server (npm run mock) or a daemon answers the API while developing.
const api = process.env.MILLWRIGHT_API ?? "http://127.0.0.1:8099";

export default defineConfig({
  server: { host: "127.0.0.1", proxy: { "/api": api, "/health": api } },
  build: {
    target: "es2022",
    // A data: address would break the content security policy `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
