#!/usr/bin/perl
# ansi2svg.pl - a screen saved by ":screen FILE.ansi" as an SVG picture.
#
#   perl doc/ansi2svg.pl <screen.ansi >screen.svg
#
# Every run of equally styled cells is one text element whose length is fixed, so that columns stay
# aligned whatever monospaced font the reader has.
use strict;
use warnings;
use utf8;
binmode STDIN,  ':encoding(UTF-8)';
binmode STDOUT, ':encoding(UTF-8)';

my ($cw, $ch, $pad) = (8.4, 17, 12);
my ($fg0, $bg0) = ('#d8d8d2', '#1c1e22');
my @base = split ' ', '#1c1e22 #e06c60 #7fb069 #d9a441 #5c9fd6 #c08bc9 #56b6c2 #d8d8d2
	      #6b7078 #ff8f80 #a5d18b #f0c674 #84bbec #dba6e3 #7fd6e0 #ffffff';

sub colour {
	my $n = shift;
	return $base[$n] if $n < 16;
	if ($n >= 232) {
		my $v = 8 + 10 * ($n - 232);
		return sprintf '#%02x%02x%02x', $v, $v, $v;
	}
	my @level = (0, 95, 135, 175, 215, 255);
	$n -= 16;
	return sprintf '#%02x%02x%02x', $level[int($n / 36)], $level[int($n / 6) % 6], $level[$n % 6];
}

my (@out, $columns, $y);
my @lines = <STDIN>;
($columns, $y) = (0, 0);
for my $line (@lines) {
	chomp $line;
	my ($x, %s) = (0);
	for my $piece (split /(\e\[[0-9;]*m)/, $line) {
		if ($piece =~ /^\e\[([0-9;]*)m$/) {
			my @p = split /;/, $1;
			while (@p) {
				my $p = shift @p;
				if    ($p == 0) { %s = () }
				elsif ($p == 1) { $s{bold} = 1 }
				elsif ($p == 4) { $s{under} = 1 }
				elsif ($p == 7) { $s{reverse} = 1 }
				elsif ($p == 38) { shift @p; $s{fg} = shift @p }
				elsif ($p == 48) { shift @p; $s{bg} = shift @p }
			}
			next;
		}
		next if $piece eq '';
		# Cells: wide characters take two.
		my $n = 0;
		$n += /[\x{1100}-\x{115f}\x{2e80}-\x{a4cf}\x{ac00}-\x{d7a3}\x{f900}-\x{faff}\x{fe30}-\x{fe6f}\x{ff00}-\x{ff60}\x{1f300}-\x{1faff}]/ ? 2 : 1
			for split //, $piece;
		my $fg = defined $s{fg} ? colour($s{fg}) : $fg0;
		my $bg = defined $s{bg} ? colour($s{bg}) : $bg0;
		($fg, $bg) = ($bg, $fg) if $s{reverse};
		my ($px, $py) = ($pad + $x * $cw, $pad + $y * $ch);
		push @out, sprintf '<rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="%s"/>', $px, $py, $n * $cw, $ch, $bg
			if $bg ne $bg0;
		if ($piece =~ /\S/) {
			my $text = $piece;
			$text =~ s/&/&amp;/g;
			$text =~ s/</&lt;/g;
			$text =~ s/>/&gt;/g;
			push @out, sprintf '<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s%s>%s</text>',
				$px, $py + $ch * .76, $n * $cw, $fg, $s{bold} ? ' font-weight="bold"' : '',
				$s{under} ? ' text-decoration="underline"' : '', $text;
		}
		$x += $n;
	}
	$columns = $x if $x > $columns;
	$y++;
}
printf qq{<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" xml:space="preserve" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14">\n},
	$columns * $cw + 2 * $pad, $y * $ch + 2 * $pad;
print qq{<rect width="100%" height="100%" rx="8" fill="$bg0"/>\n};
print "$_\n" for @out;
print "</svg>\n";
