import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { CONTENT_SECURITY_POLICY } from "../browser/fakeApi";
import { batchUrl } from "../src/route";

const EDGE = join(import.meta.dirname, "..", "..", "edge");
const { Resources } = parse(readFileSync(join(EDGE, "template.yaml"), "utf8"), {
  logLevel: "silent",
});

test("without an issuer, the page has the policy that its other tests assume", () => {
  const { SecurityHeadersConfig } = Resources.PageHeaders.Properties.ResponseHeadersPolicyConfig;
  const [policy] = SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
  expect(policy.replace(/\$\{\w+\}/g, "")).toBe(CONTENT_SECURITY_POLICY);
});

describe("CloudFront's function", () => {
  const code = Resources.ViewFunction.Properties.FunctionCode;
  const uriOf = (uri: string) =>
    runInNewContext(`${code}; handler(event).uri`, {
      event: { request: { uri, querystring: {} } },
    });

  test.each([
    "/",
    "/batches",
    "/batches/",
    batchUrl("batch-20261126-b9b1d58b"),
    batchUrl("a.b/c.js"),
    batchUrl("assets/x.js"),
    "/batches/report.json",
    "/nowhere",
    "/apiary",
  ])("answers %s with the page", (uri) => {
    expect(uriOf(uri)).toBe("/index.html");
  });

  test.each([
    "/index.html",
    "/config.json",
    "/icon.svg",
    "/licences.txt",
    "/assets/index-5lLRgCBq.js",
  ])("leaves %s alone", (uri) => {
    expect(uriOf(uri)).toBe(uri);
  });
});

describe("the upload", () => {
  const outputs = {
    PageBucket: "the-bucket",
    DistributionId: "E1",
    PageConfig: '{"issuer":"https://issuer.test"}',
    PageUrl: "https://pulso.example.com",
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulso-upload-"));
    mkdirSync(join(folder, "page", "assets"), { recursive: true });
    writeFileSync(join(folder, "page", "index.html"), "");
    for (const [name, value] of Object.entries(outputs)) writeFileSync(join(folder, name), value);
    // Stands in for the AWS CLI: knows the stack's outputs, and notes what else it is asked to do.
    writeFileSync(
      join(folder, "aws"),
      `#!/usr/bin/env bash
      case "$1 $2" in
        "cloudformation describe-stacks")
          [[ $* =~ OutputKey==\\'([A-Za-z]+)\\' ]] && cat ${folder}/\${BASH_REMATCH[1]} 2>/dev/null || echo None ;;
        *) echo "$*" >>${folder}/asked; [ "$3" != - ] || cat >>${folder}/asked ;;
      esac`,
    );
    chmodSync(join(folder, "aws"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const upload = () =>
    execFileSync(join(EDGE, "upload"), ["pulso-page"], {
      env: { PATH: `${folder}:${process.env.PATH}`, PAGE: join(folder, "page") },
      encoding: "utf8",
      stdio: "pipe",
    });

  test("puts new files before the index that names them, and removes none", () => {
    expect(upload()).toContain(outputs.PageUrl);
    const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
    expect(asked.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "s3 sync",
      "s3 cp",
      "s3 cp",
      outputs.PageConfig,
      "s3 cp",
      "cloudfront create-invalidation",
    ]);
    expect(asked[0]).toMatch(/assets s3:\/\/the-bucket\/assets .*immutable/);
    expect(asked[1]).toMatch(/--exclude assets\/\* --exclude index.html .*no-cache/);
    expect(asked[2]).toMatch(/the-bucket\/config.json .*no-cache .*application\/json/);
    expect(asked[4]).toMatch(/the-bucket\/index.html .*no-cache/);
    expect(asked[5]).toMatch(/E1 --paths \/index.html \/config.json/);
    expect(asked.join()).not.toContain("--delete");
  });

  test.each(Object.keys(outputs))("of a stack without %s uploads nothing", (name) => {
    rmSync(join(folder, name));
    expect(upload).toThrow(`no output ${name}`);
    expect(() => readFileSync(join(folder, "asked"))).toThrow("ENOENT");
  });

  test("of a page that is not built uploads nothing", () => {
    rmSync(join(folder, "page", "index.html"));
    expect(upload).toThrow("run build/page first");
  });
});
