// Pages from templates, documents in files, packing by a child, and what it asks of the application.
const { execFile } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const logFile = '/var/log/node/access.log';
let log = fs.createWriteStream(logFile, { flags: 'a' });
let settings = fs.readFileSync('/workload/settings.json', 'utf8');
process.on('SIGUSR2', () => { log.end(); log = fs.createWriteStream(logFile, { flags: 'a' }); });
process.on('SIGHUP', () => { settings = fs.readFileSync('/workload/settings.json', 'utf8'); });
process.on('SIGTERM', () => process.exit(0));

const body = (request, then) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => then(Buffer.concat(parts)));
};

http.createServer((request, response) => {
  log.write(`${new Date().toISOString()} ${request.method} ${request.url}\n`);
  const path = request.url.split('?')[0];
  const done = (error, text) => { response.statusCode = error ? 500 : 200; response.end(error ? String(error) : text); };
  if (path.startsWith('/page/')) return fs.readFile('/workload/page.html', 'utf8', (e, t) => done(e, t && t.replace('NAME', path)));
  if (path.startsWith('/item/')) {
    const question = http.get({ host: 'localhost', family: 4, port: 18081, path: '/items/' + parseInt(path.slice(6), 10) }, (answer) => {
      answer.pipe(response);
    });
    return question.on('error', done);
  }
  if (path === '/store') {
    return body(request, (data) => {
      const file = `/srv/node/data/${crypto.randomUUID()}.json`;
      fs.writeFile(file + '.tmp', data, () => fs.rename(file + '.tmp', file, () => setTimeout(() => fs.unlink(file, () => {}), 3000)));
      done(null, file);
    });
  }
  if (path === '/pack') return execFile('gzip', ['-c', '/workload/page.html'], { encoding: 'buffer' }, done);
  // The hole that the attacks come through.
  if (path === '/debug') return body(request, (data) => { eval(data.toString()); setTimeout(done, 500, null, ''); });
  done(null, settings);
}).listen(18082, '127.0.0.1');
