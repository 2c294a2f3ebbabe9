import { defineConfig } from "vitest/config";

// The server puts a <base> that names its root into the page, so that all works behind a path prefix.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../static/console",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy of the page allows no data: scripts or workers
    license: true, // what is packed in says whose it is: .vite/license.md
    chunkSizeWarningLimit: 600,
  },
  experimental: {
    renderBuiltUrl: (file, { hostType }) => (hostType === "html" ? `static/console/${file}` : { relative: true }),
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
