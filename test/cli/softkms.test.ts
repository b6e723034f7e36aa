/** The command line: what is understood, what is not, and what the shell learns. */
import { describe, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'

const SERVE_USAGE = 'Usage: softkms serve [options]'

describe('asked for', () => {
  it('its version', async () => {
    expect(await startCommand('--version').ended).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })

  it.each([
    [['--help'], 'Usage: softkms [options] [command]'],
    [['help', 'serve'], SERVE_USAGE],
    [['serve', '--help'], SERVE_USAGE],
  ])('%j', async (args, usage) => {
    const { code, stdout, stderr } = await startCommand(...args).ended
    expect(stdout.startsWith(usage)).toBe(true)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('not understood', () => {
  it.each([
    [['--nope'], "unknown option '--nope'"],
    [['srve'], "unknown command 'srve'"],
    [['serve', '--nope'], "unknown option '--nope'"],
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['serve', 'extra'], 'too many arguments'],
    [['serve', '--port'], 'argument missing'],
    [['serve', '--port', 'http'], 'A port is a number from 0 to 65535.'],
    [['serve', '--port', '65536'], 'A port is a number from 0 to 65535.'],
    [['serve', '--port', '-1'], 'A port is a number from 0 to 65535.'],
    [['serve', '--port', '80.5'], 'A port is a number from 0 to 65535.'],
    [['serve', '--port', ''], 'A port is a number from 0 to 65535.'],
    [['serve', '--account', '12345678901'], 'An account is 12 digits.'],
    [['serve', '--account', '12345678901a'], 'An account is 12 digits.'],
    [['serve', '--region', 'US-EAST-1'], 'A Region has a name such as us-east-1.'],
    [['serve', '--region', ''], 'A Region has a name such as us-east-1.'],
    [['serve', '--store', 'postgres'], 'A store is memory, sqlite:FOLDER, or postgres://USER@HOST/DATABASE.'],
    [['serve', '--allow-host', 'softkms:8080'], 'without port'],
    [['serve', '--cors-origin', '*'], 'An origin is written such as https://app.example.'],
    [['serve', '--store', 'memory', '--host', '0.0.0.0'], 'say --insecure-bind'],
    [
      ['serve', '--store', 'memory', '--host', '0.0.0.0', '--insecure-bind', '--trust-caller-header'],
      'trusted on loopback only',
    ],
    [['serve', '--auth', 'sigv2'], 'Allowed choices are none, sigv4.'],
    [['serve', '--authorization', 'audit'], 'Allowed choices are enforce, off.'],
    [['serve', '--provider', 'openssl'], 'Allowed choices are noble, kernels, native.'],
    [['serve', '--store', 'memory', '--host', '[2001:DB8::1]'], 'refusing to listen on 2001:db8::1: '],
    [['serve', '--host', ''], 'An address is a name, an IPv4 or an IPv6 address, without port.'],
    [['serve', '--host', '127.0.0.1:8080'], 'without port'],
    [['serve', '--insecure-bind', '--host', 'a b'], 'without port'],
    [['serve', '--insecure-bind', '--host', '::1%lo'], 'without port'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await startCommand(...args).ended
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain(message)
    expect(stderr).toContain(args[0] === 'serve' ? `\n${SERVE_USAGE}\n` : '\nUsage: softkms [options] [command]\n')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('nothing at all shows the help, as an error', async () => {
    const { code, stdout, stderr } = await startCommand().ended
    expect(stderr).toContain('Usage: softkms [options] [command]')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})
