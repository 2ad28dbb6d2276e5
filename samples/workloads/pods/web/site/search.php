<?php
// Found once, kept in a file of its hash.
$hash = sha1($_GET['q'] ?? '');
$directory = '/var/cache/shop/' . substr($hash, 0, 2);
$file = "$directory/$hash.html";
if (!is_file($file)) {
    @mkdir($directory);
    file_put_contents("$file.tmp", '<p>' . htmlspecialchars($_GET['q'] ?? '') . '</p>');
    rename("$file.tmp", $file);
}
readfile($file);
