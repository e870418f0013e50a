// warcio.mjs FILE NODE_MODULES: does the warcio of npm read every record of a WARC, and do
// block and payload have the digests that their heads name? Its own reader says
// nothing of either, so they are computed here of the bytes that it hands out.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [file, modules] = process.argv.slice(2);
const from = createRequire(pathToFileURL(`${modules}/x.js`));
const { WARCParser } = await import(pathToFileURL(from.resolve("warcio")));

const types = {};
let n = 0;
let bad = 0;
function check(record, name, bytes) {
  const said = record.warcHeader(name);
  const is = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (said !== is) {
    console.log(`record ${n}: ${name} is ${said}, its bytes have ${is}`);
    bad++;
  }
}

const source = createReadStream(file);
const all = WARCParser.iterRecords(source, { parseHttp: false });
for await (const record of all) {
  const chunks = [];
  n++;
  types[record.warcType] = (types[record.warcType] ?? 0) + 1;
  for await (const chunk of record) chunks.push(chunk);
  const block = Buffer.concat(chunks);
  const http = record.warcHeader("Content-Type")?.startsWith("application/http");
  const head = http ? block.indexOf("\r\n\r\n") + 4 : 0;
  check(record, "WARC-Block-Digest", block);
  if (record.warcHeader("WARC-Payload-Digest"))
    check(record, "WARC-Payload-Digest", block.subarray(head));
}
console.log(`${n} records ${JSON.stringify(types)}`);
process.exit(bad || !n ? 1 : 0);
