// Several pages, hashed assets, no inline script or style, nothing fetched from anywhere else.
import { defineConfig } from "vite";
import { ownSentences, slimSdk } from "./scripts/slimming.ts";

const server = process.env["ENTRAIDE_SERVER"] ?? "http://127.0.0.1:8000";

const CORE = /node_modules|src\/(words|store)\.ts|src\/parts\/(Act|Frame|LineWords|Numbers|Room)\.tsx|src\/net\/(config|http|link|session|talk|waking)\.ts|src\/pure\/(alerts|ids|messages|streams|words)\.ts/;

export default defineConfig({
  appType: "mpa",
  plugins: [slimSdk(), ownSentences()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rolldownOptions: {
      input: {
        index: "index.html",
        aider: "aider.html",
        operateur: "operateur.html",
        bureau: "bureau.html",
        equipe: "equipe.html",
        fonds: "fonds.html",
        accompagner: "accompagner.html",
        ecoute: "ecoute.html",
        campagne: "campagne.html",
        sw: "src/worker/main.ts",
      },
      // A worker's address is known to browsers: it stays the same, and above all pages.
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // What every page is made of is one file: cut in pieces by who else needs them, it would weigh more.
        codeSplitting: { groups: [{ name: "core", test: CORE }] },
      },
    },
  },
  server: {
    proxy: { "/api": server, "/connection": { target: server, ws: true } },
  },
});
